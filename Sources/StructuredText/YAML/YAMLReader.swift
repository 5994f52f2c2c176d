/// Reads a YAML file into a tree.
///
/// It takes less than YAML allows: one document, no anchors and aliases, no tags, keys that are
/// text and stand once. JSON is YAML, so it is read, too.
package struct YAMLReader {
  /// The largest file, in bytes.
  package static let mostBytes = 16 << 20
  /// How deep values may be nested.
  package static let mostLevels = 24
  /// How many values a file may have.
  package static let mostValues = 2_000_000

  /// A list or a mapping that is not at its end yet.
  private struct Level {
    var node: YAMLNode
    var isMapping: Bool
    var members: [YAMLNode.Member] = []
    var elements: [YAMLNode] = []
    var keys: [String: SourceSpan] = [:]
    var key: (text: String?, span: SourceSpan)?
  }

  private let file: String
  private var levels: [Level] = []
  private var root: YAMLNode?
  private var documents = 0
  private var values = 0
  private var diagnostics: Diagnostics

  private init(_ file: String, _ diagnostics: Diagnostics) {
    self.file = file
    self.diagnostics = diagnostics
  }

  /// The value that a file holds; `nil` if it cannot be read, or is empty.
  ///
  /// - Parameters:
  ///   - bytes: The file's content.
  ///   - file: What it is called.
  ///   - diagnostics: Is told what is wrong.
  package static func read(
    _ bytes: [UInt8], of file: String, _ diagnostics: inout Diagnostics
  ) -> YAMLNode? {
    guard bytes.count <= mostBytes else {
      diagnostics.error(
        .start(of: file), "the file is larger than \(mostBytes >> 20) MiB",
        help: "spread it over several files and include them")
      return nil
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      diagnostics.error(.start(of: file), "the file is no text in UTF-8")
      return nil
    }
    var reader = YAMLReader(file, diagnostics)
    defer { diagnostics = reader.diagnostics }
    do throws(YAMLSyntaxError) {
      try YAMLEvent.read(bytes, of: file) { (event) throws(YAMLSyntaxError) in
        try reader.take(event)
        return true
      }
    } catch {
      reader.diagnostics.error(error.span, error.message, help: error.help)
      return nil
    }
    return reader.root
  }

  private mutating func take(_ event: YAMLEvent) throws(YAMLSyntaxError) {
    values += 1
    guard values <= Self.mostValues else {
      throw YAMLSyntaxError(
        message: "the file has more than \(Self.mostValues) values", span: event.span)
    }
    refuseRarities(event)
    switch event.kind {
    case .document:
      documents += 1
      guard documents == 1 else {
        throw YAMLSyntaxError(
          message: "a file holds one document: remove this “---” and what follows",
          span: event.span)
      }
    case .scalar(let text, let isPlain):
      add(YAMLNode(.scalar(text, isPlain: isPlain), at: event.span))
    // What it stood for is missing; it was told of already.
    case .alias: add(YAMLNode(.scalar("", isPlain: true), at: event.span).unusable)
    case .sequenceStart: try open(event, isMapping: false)
    case .mappingStart: try open(event, isMapping: true)
    case .end: close(at: event.span.end)
    }
  }

  private mutating func refuseRarities(_ event: YAMLEvent) {
    if case .alias = event.kind {
      diagnostics.error(
        event.span, "aliases (*name) are not read", help: "write the value out, or use variables")
    }
    if event.hasAnchor {
      diagnostics.error(
        event.span, "anchors (&name) are not read", help: "use variables: ${name}")
    }
    if let tag = event.tag, tag != "!" {
      diagnostics.error(event.span, "tags are not read", help: "remove “!…”")
    }
  }

  private mutating func open(_ event: YAMLEvent, isMapping: Bool) throws(YAMLSyntaxError) {
    guard levels.count < Self.mostLevels else {
      throw YAMLSyntaxError(
        message: "values are nested more than \(Self.mostLevels) deep", span: event.span)
    }
    let node = YAMLNode(
      isMapping ? .mapping([]) : .sequence([]), at: event.span, isFlow: event.isFlow)
    levels.append(Level(node: node, isMapping: isMapping))
  }

  private mutating func close(at end: SourcePosition) {
    guard var level = levels.popLast() else { return }
    level.node.span.end = end
    level.node.content = level.isMapping ? .mapping(level.members) : .sequence(level.elements)
    add(level.node)
  }

  private mutating func add(_ node: YAMLNode) {
    guard var level = levels.popLast() else {
      root = node
      return
    }
    defer { levels.append(level) }
    guard level.isMapping else {
      level.elements.append(node)
      return
    }
    guard let key = level.key else {
      level.key = (key(of: node), node.span)
      return
    }
    level.key = nil
    guard let text = key.text else { return }
    if let earlier = level.keys.updateValue(key.span, forKey: text) {
      diagnostics.error(
        key.span, "\(Discretion.quoted(text)) is there already, in line \(earlier.start.line + 1)",
        help: "a key stands once; remove one of them")
    }
    level.members.append(YAMLNode.Member(text, at: key.span, node))
  }

  private mutating func key(of node: YAMLNode) -> String? {
    if let text = node.text, !node.isUnusable { return text }
    if !node.isUnusable {
      diagnostics.error(node.span, "\(node.kind) is no key", help: "keys are names")
    }
    return nil
  }
}
