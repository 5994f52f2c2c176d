/// What a value of a file may be.
///
/// Files are checked against shapes, the JSON Schema is written from them, and help and messages
/// tell of them, so that none of these can fall behind another.
package indirect enum Shape: Sendable {
  /// One value of a kind.
  case lexeme(Lexeme)
  /// `true` or `false`.
  case flag
  /// One of some words.
  case choice([String])
  /// A list.
  case list(Shape)
  /// A list, or one element of it.
  case oneOrMore(Shape)
  /// A mapping with certain keys.
  case section(Section)
  /// A mapping whose keys are names.
  case map(Lexeme, Shape)
  /// A word or a value, or a mapping with certain keys.
  case either(Shape, Section)
  /// What a standard has and the kernel has not.
  ///
  /// - Parameters:
  ///   - but: The one value that asks for nothing; `nil` if there is none.
  ///   - because: Why it is not possible.
  case unsupported(but: String?, because: String)
}

/// A mapping with certain keys.
package struct Section: Sendable {
  /// What it is called in the JSON Schema.
  package let name: String
  package let fields: [Field]
  /// Whether what stands in its place may be a key.
  package let holdsKeys: Bool

  package init(_ name: String, holdsKeys: Bool = false, _ fields: [Field]) {
    self.name = name
    self.holdsKeys = holdsKeys
    self.fields = fields
  }

  package func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// A key of a section.
package struct Field: Sendable {
  package let name: String
  package let shape: Shape
  package let isRequired: Bool
  /// What it says, and what holds without it.
  package let summary: String

  package init(_ name: String, _ shape: Shape, required isRequired: Bool = false, _ summary: String)
  {
    self.name = name
    self.shape = shape
    self.isRequired = isRequired
    self.summary = summary
  }
}

/// A kind of value that stands in one piece.
package struct Lexeme: Sendable {
  /// `an IP address`
  package let noun: String
  /// What is allowed, with an example.
  package let allowed: String
  /// For the JSON Schema: which texts look like one.
  package let pattern: String
  /// Whether it may be a number of JSON, too.
  package let isNumeric: Bool
  /// Whether what stands in its place may be a key.
  package let isSecret: Bool
  /// Words that somebody may have meant.
  package let words: [String]
  package let accepts: @Sendable (String) -> Bool

  package init(
    noun: String, allowed: String, pattern: String, isNumeric: Bool = false,
    isSecret: Bool = false, words: [String] = [], accepts: @escaping @Sendable (String) -> Bool
  ) {
    self.noun = noun
    self.allowed = allowed
    self.pattern = pattern
    self.isNumeric = isNumeric
    self.isSecret = isSecret
    self.words = words
    self.accepts = accepts
  }
}
