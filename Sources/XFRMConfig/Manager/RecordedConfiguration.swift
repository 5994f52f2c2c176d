/// A configuration as it was read, with everything that it takes to read it again.
public struct RecordedConfiguration: Equatable, Sendable {
  /// The main file.
  public var file: String
  /// The host that variables were chosen for.
  public var host: String
  /// Variables of the command line.
  public var variables: [String: String]
  /// The text of each file, by name.
  public var texts: [String: String]
  /// Whether only its guards are meant (``DesiredState/guardsOnly``).
  public var guardsOnly: Bool
  /// Which generations of keys its connections have: a rotation is a way through configurations
  /// that have nothing else apart.
  public var keys: [String: KeyGenerations]

  /// A configuration as it was read.
  ///
  /// - Parameters:
  ///   - file: The main file.
  ///   - host: The host that variables were chosen for.
  ///   - variables: Variables of the command line.
  ///   - texts: The text of each file, by name.
  ///   - guardsOnly: Whether only its guards are meant.
  public init(
    file: String, host: String, variables: [String: String], texts: [String: String],
    guardsOnly: Bool = false, keys: [String: KeyGenerations] = [:]
  ) {
    self.file = file
    self.host = host
    self.variables = variables
    self.texts = texts
    self.guardsOnly = guardsOnly
    self.keys = keys
  }

  /// What tells it from others: eight hexadecimal digits.
  public var id: String {
    String(Fingerprint.of(Array(YAMLWriter.json(tree).utf8)).prefix(8))
  }

  /// The same with nothing said of keys.
  var withoutKeys: RecordedConfiguration {
    var copy = self
    copy.keys = [:]
    return copy
  }

  /// Reads it again.
  public func load() -> LoadedConfiguration {
    let texts = texts
    return ConfigurationFiles(host: host, variables: variables) {
      (path) throws(ConfigurationFiles.Unreadable) in
      guard let text = texts[path] else { throw .init("it was not recorded") }
      return Array(text.utf8)
    }.load(file)
  }
}

extension RecordedConfiguration {
  var tree: YAMLNode {
    func mapping(_ values: [String: String]) -> YAMLNode {
      YAMLNode(values.sorted { $0.key < $1.key }.map { ($0.key, YAMLNode(text: $0.value)) })
    }
    return YAMLNode([
      ("file", YAMLNode(text: file)), ("host", YAMLNode(text: host)),
      ("variables", mapping(variables)), ("texts", mapping(texts)),
      ("guardsOnly", guardsOnly ? YAMLNode(true) : nil),
      ("keys", keys.isEmpty ? nil : mapping(keys.mapValues(\.words))),
    ])
  }

  /// `nil` for a tree of something else.
  init?(_ tree: YAMLNode) {
    func values(_ node: YAMLNode?) -> [String: String]? {
      guard let node, case .mapping(let members) = node.content else { return nil }
      var values: [String: String] = [:]
      for member in members {
        guard let text = member.value.text else { return nil }
        values[member.key] = text
      }
      return values
    }
    guard let file = tree["file"]?.text, let host = tree["host"]?.text,
      let variables = values(tree["variables"]), let texts = values(tree["texts"])
    else { return nil }
    var keys: [String: KeyGenerations] = [:]
    if let node = tree["keys"] {
      guard let words = values(node) else { return nil }
      for (connection, text) in words {
        guard let use = KeyGenerations(words: text) else { return nil }
        keys[connection] = use
      }
    }
    self.init(
      file: file, host: host, variables: variables, texts: texts,
      guardsOnly: tree["guardsOnly"] != nil, keys: keys)
  }
}

extension YAMLNode {
  /// The tree that JSON or YAML of our own says; `nil` if it is none.
  static func own(_ bytes: [UInt8]) -> YAMLNode? {
    var diagnostics = Diagnostics()
    let tree = YAMLReader.read(bytes, of: "", &diagnostics)
    return diagnostics.hasErrors ? nil : tree
  }
}
