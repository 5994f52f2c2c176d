/// A value of a YAML file, with the place where it stands.
public struct YAMLNode: Sendable {
  /// What a value is.
  public enum Content: Sendable {
    /// - Parameter isPlain: Whether it stood without quotation marks, so that it may mean a number,
    ///   a truth value or nothing.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Member])
  }

  /// A key and its value.
  public struct Member: Sendable {
    /// Always text.
    public var key: String
    /// Where the key stands.
    public var keySpan: SourceSpan
    public var value: YAMLNode

    /// A key and its value.
    public init(_ key: String, at keySpan: SourceSpan, _ value: YAMLNode) {
      self.key = key
      self.keySpan = keySpan
      self.value = value
    }
  }

  public var content: Content
  public var span: SourceSpan
  /// Whether it stands in brackets or braces, as in JSON.
  public var isFlow: Bool
  /// Whether something was there that makes no sense, of which somebody was told.
  package var isUnusable = false

  /// A value at a place.
  public init(_ content: Content, at span: SourceSpan, isFlow: Bool = false) {
    self.content = content
    self.span = span
    self.isFlow = isFlow
  }

  /// What stands in the place of something that makes no sense.
  package var unusable: YAMLNode {
    var node = YAMLNode(.scalar("", isPlain: true), at: span)
    node.isUnusable = true
    return node
  }

  /// The text of a scalar.
  public var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// Whether it is nothing: an empty place, `null` or `~`.
  public var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// The elements of a sequence; none for anything else.
  public var elements: [YAMLNode] {
    if case .sequence(let elements) = content { elements } else { [] }
  }

  /// The members of a mapping, in the order of the file; none for anything else.
  public var members: [Member] {
    if case .mapping(let members) = content { members } else { [] }
  }

  /// The value of a key of a mapping.
  public subscript(key: String) -> YAMLNode? { members.first { $0.key == key }?.value }
}

extension YAMLNode {
  /// What it is, for somebody who expects something else.
  package var kind: String {
    switch content {
    case .scalar: isNull ? "nothing" : "one value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Whether both say the same, wherever and in whatever style they stand.
  package func says(_ other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let own, let isPlain), .scalar(let text, let isOtherPlain)):
      own == text && isPlain == isOtherPlain
    case (.sequence(let own), .sequence(let elements)):
      own.count == elements.count && zip(own, elements).allSatisfy { $0.says($1) }
    case (.mapping(let own), .mapping(let members)):
      own.count == members.count
        && zip(own, members).allSatisfy { $0.key == $1.key && $0.value.says($1.value) }
    default: false
    }
  }
}
