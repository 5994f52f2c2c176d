public import StructuredText

/// A topology in a file: YAML, or JSON.
public enum LabFile {
  /// A file that was read.
  public struct Loaded: Sendable {
    /// `nil` if there is an error.
    public var topology: Topology?
    /// Errors, in the order of the file.
    public var diagnostics: [Diagnostic]
    /// Errors beyond those that are told of.
    public var omittedErrors: Int
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: What is in it.
  ///   - file: What it is called; a lab without a name gets this one.
  public static func read(_ bytes: [UInt8], of file: String) -> Loaded {
    var diagnostics = Diagnostics()
    var topology: Topology?
    let before = diagnostics.errorCount
    if let tree = YAMLReader.read(bytes, of: file, &diagnostics) {
      var checker = ShapeChecker(diagnostics)
      let fitting = checker.fitting(tree, LabVocabulary.file, of: "the lab")
      var reader = LabReader(checker.diagnostics)
      topology = fitting.map { reader.topology($0, named: usualName(file)) }
      diagnostics = reader.diagnostics
    } else if diagnostics.errorCount == before {
      diagnostics.error(
        .start(of: file), "there is nothing in it",
        help: "xfrmctl lab graph --yaml site-to-site prints a lab to begin with")
    }
    return Loaded(
      topology: diagnostics.hasErrors ? nil : topology,
      diagnostics: diagnostics.sorted(by: [file]), omittedErrors: diagnostics.omittedErrors)
  }

  /// A topology as such a file.
  ///
  /// - Parameter topology: What it is to say.
  public static func text(_ topology: Topology) -> String { YAMLWriter.text(topology.tree) }

  /// Whether a lab may be called so.
  ///
  /// - Parameter text: What somebody would call it.
  public static func isName(_ text: String) -> Bool { Lexeme.name.accepts(text) }

  /// `berlin` for `labs/berlin.yaml`
  private static func usualName(_ file: String) -> String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return isName(stem) ? stem : "lab"
  }
}
