extension ConfigurationFiles {
  /// Reads a configuration with all that it includes.
  ///
  /// - Parameter path: The main file.
  public func load(_ path: String) -> LoadedConfiguration {
    var loader = Loader(self)
    return loader.load(path)
  }
}

/// Puts the files of a configuration together.
struct Loader {
  /// How many files a configuration may have.
  static let mostFiles = 1000

  private let files: ConfigurationFiles
  private var diagnostics = Diagnostics()
  private var sources: [String: String] = [:]
  private var names: [String] = []
  /// The trees of the files, as they were written.
  private var trees: [YAMLNode] = []

  init(_ files: ConfigurationFiles) { self.files = files }

  mutating func load(_ path: String) -> LoadedConfiguration {
    include(path, at: .start(of: path), [])
    var configuration: Configuration?
    var resolved: YAMLNode?
    if let whole = whole() {
      var reader = Reader(diagnostics)
      configuration = reader.configuration(whole)
      diagnostics = reader.diagnostics
      resolved = whole
    }
    return LoadedConfiguration(
      configuration: diagnostics.hasErrors ? nil : configuration,
      diagnostics: diagnostics.sorted(by: names), omittedErrors: diagnostics.omittedErrors,
      sources: sources, files: names, resolved: diagnostics.hasErrors ? nil : resolved)
  }

  // MARK: Files

  /// Reads a file and all that it includes, each once.
  private mutating func include(_ path: String, at span: SourceSpan, _ open: [String]) {
    guard !open.contains(path) else {
      diagnostics.error(
        span,
        "this includes itself: "
          + (open + [path]).map { Discretion.quoted($0) }.joined(separator: " → "),
        help: "remove one of these includes")
      return
    }
    guard !names.contains(path) else {
      diagnostics.error(
        span, "\(Discretion.quoted(path)) is included already", help: "include each file once")
      return
    }
    guard names.count < Self.mostFiles else {
      diagnostics.error(span, "there are more than \(Self.mostFiles) files")
      return
    }
    names.append(path)
    guard let tree = read(path, at: span) else { return }
    trees.append(tree)
    for element in tree.list("include") {
      // Which files there are is settled before variables have values.
      guard let name = element.text, !name.isEmpty else { continue }
      guard !name.contains("${") else {
        diagnostics.error(
          element.span, "an include has no variables", help: "write the path out")
        continue
      }
      include(ConfigurationFiles.path(name, besides: path), at: element.span, open + [path])
    }
  }

  private mutating func read(_ path: String, at span: SourceSpan) -> YAMLNode? {
    let bytes: [UInt8]
    do throws(ConfigurationFiles.Unreadable) { bytes = try files.read(path) } catch {
      diagnostics.error(span, "cannot read \(Discretion.quoted(path)): \(error.reason)")
      return nil
    }
    sources[path] = String(decoding: bytes.prefix(YAMLReader.mostBytes), as: UTF8.self)
    let before = diagnostics.errorCount
    let tree = YAMLReader.read(bytes, of: path, &diagnostics)
    if let tree, case .mapping = tree.content { return tree }
    if before == diagnostics.errorCount {
      let isEmpty = tree?.isNull ?? true
      diagnostics.error(
        .start(of: path), isEmpty ? "there is nothing in it" : "it is \(tree?.kind ?? "nothing")",
        help: "a configuration is a mapping; xfrmctl config example prints one")
    }
    return nil
  }

  // MARK: One tree

  /// The files as one, without what does not fit; `nil` if the main file cannot be read.
  private mutating func whole() -> YAMLNode? {
    guard let main = trees.first, main.span.file == names.first else { return nil }
    for tree in trees {
      refuseNested(tree["variables"])
      for member in tree["hosts"]?.members ?? [] { refuseNested(member.value) }
    }
    let variables = variables(main)
    // Of a file that cannot be read nobody knows what it would take.
    if files.refusesUnknownVariables, trees.count == names.count {
      variables.refuseUnknown(files.variables.keys, in: trees, &diagnostics)
    }
    var checker = ShapeChecker(diagnostics)
    var parts: [YAMLNode] = []
    for tree in trees {
      let isMain = tree.span.file == names.first
      let section = isMain ? Vocabulary.file : Vocabulary.includedFile
      let substituted = variables.substituted(tree, &checker.diagnostics)
      if let part = checker.fitting(
        substituted, section, of: isMain ? "the file" : "an included file")
      {
        parts.append(part)
      }
    }
    diagnostics = checker.diagnostics
    return merged(parts)
  }

  private mutating func refuseNested(_ node: YAMLNode?) {
    for member in node?.members ?? [] where member.value.text?.contains("${") == true {
      diagnostics.error(
        member.value.span, "the value of a variable has no variables", help: "write the value out")
    }
  }

  private func variables(_ main: YAMLNode) -> Variables {
    var shared: [String: String] = [:]
    for tree in trees { shared.merge(Self.values(tree["variables"])) { first, _ in first } }
    let hosts = (main["hosts"]?.members ?? []).map { ($0.key, Self.values($0.value)) }
    return Variables(
      shared: shared, hosts: Dictionary(hosts) { first, _ in first }, host: files.host,
      set: files.variables)
  }

  private static func values(_ node: YAMLNode?) -> [String: String] {
    let members = (node?.members ?? []).compactMap { member in
      member.value.text.map { (member.key, $0) }
    }
    return Dictionary(members) { first, _ in first }
  }

  /// What the files have of lists and mappings together, and connections with their defaults.
  private mutating func merged(_ parts: [YAMLNode]) -> YAMLNode? {
    guard var whole = parts.first else { return nil }
    let defaults = whole["defaults"]?.members ?? []
    var members = whole.members.filter {
      !["include", "variables", "hosts", "defaults", "spd", "sad", "connections", "settings"]
        .contains($0.key)
    }
    for key in ["settings", "spd", "sad", "connections"] {
      let values = parts.compactMap { $0[key] }
      guard var value = values.first else { continue }
      if key == "settings" {
        let settings = values.flatMap(\.members)
        refuseTwins(settings)
        value.content = .mapping(settings)
      } else {
        value.content = .sequence(
          values.flatMap(\.elements).map { key == "connections" ? $0.with(defaults) : $0 })
      }
      members.append(YAMLNode.Member(key, at: value.span, value))
    }
    whole.content = .mapping(members)
    return whole
  }

  /// Within one file a key stands once anyway.
  private mutating func refuseTwins(_ members: [YAMLNode.Member]) {
    var spans: [String: SourceSpan] = [:]
    for member in members {
      guard let earlier = spans.updateValue(member.keySpan, forKey: member.key) else { continue }
      diagnostics.error(
        member.keySpan, "\(Discretion.quoted(member.key)) is there already: \(earlier)",
        help: "a setting stands once in all files; remove one of them")
    }
  }
}

extension YAMLNode {
  /// A mapping with the members of another one that it lacks.
  fileprivate func with(_ defaults: [Member]) -> YAMLNode {
    var node = self
    node.content = .mapping(members + defaults.filter { self[$0.key] == nil })
    return node
  }
}
