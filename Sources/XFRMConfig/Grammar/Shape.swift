/// What a value of a configuration may be.
///
/// Files are checked against shapes, the JSON Schema is written from them, and help and messages
/// tell of them, so that none of these can fall behind another.
indirect enum Shape: Sendable {
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
struct Section: Sendable {
  /// What it is called in the JSON Schema.
  let name: String
  let fields: [Field]
  /// Whether what stands in its place may be a key.
  let holdsKeys: Bool

  init(_ name: String, holdsKeys: Bool = false, _ fields: [Field]) {
    self.name = name
    self.holdsKeys = holdsKeys
    self.fields = fields
  }

  func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// A key of a section.
struct Field: Sendable {
  let name: String
  let shape: Shape
  let isRequired: Bool
  /// What it says, and what holds without it.
  let summary: String

  init(_ name: String, _ shape: Shape, required isRequired: Bool = false, _ summary: String) {
    self.name = name
    self.shape = shape
    self.isRequired = isRequired
    self.summary = summary
  }
}

/// A kind of value that stands in one piece.
struct Lexeme: Sendable {
  /// `an IP address`
  let noun: String
  /// What is allowed, with an example.
  let allowed: String
  /// For the JSON Schema: which texts look like one.
  let pattern: String
  /// Whether it may be a number of JSON, too.
  var isNumeric = false
  /// Whether what stands in its place may be a key.
  var isSecret = false
  /// Words that somebody may have meant.
  var words: [String] = []
  let accepts: @Sendable (String) -> Bool
}
