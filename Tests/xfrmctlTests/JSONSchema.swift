import FoundationEssentials

/// The schemas of the project, and as much of JSON Schema (draft 2020-12) as they use.
struct JSONSchema {
  private let schema: JSONValue
  /// The file it is in, for references.
  private let file: JSONValue
  private let patterns: Patterns

  /// Those that were read already, which takes longer than to use them.
  private final class Patterns {
    private var regexes: [String: Regex<AnyRegexOutput>] = [:]

    func regex(_ pattern: String) throws -> Regex<AnyRegexOutput> {
      if let known = regexes[pattern] { return known }
      let regex = try Regex(pattern)
      regexes[pattern] = regex
      return regex
    }
  }

  /// Reads a file of `Schemas/`.
  init(named name: String) throws {
    self.init(try Self.read("\(name).json"))
  }

  /// A schema that a test has made.
  init(_ text: String) throws {
    self.init(try JSONValue(parsing: text))
  }

  private init(_ file: JSONValue) {
    schema = file
    self.file = file
    patterns = Patterns()
  }

  private init(_ schema: JSONValue, in file: JSONValue, _ patterns: Patterns) {
    self.schema = schema
    self.file = file
    self.patterns = patterns
  }

  /// A schema within this one.
  private func part(_ schema: JSONValue) -> JSONSchema {
    JSONSchema(schema, in: file, patterns)
  }

  private static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/Schemas"

  private static let definitions = Result { try read("definitions.json") }

  private static func read(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
  }

  struct Unusable: Error {
    var what: String
  }

  // MARK: Walking

  /// Where the schema leads, if it is a reference.
  private func resolved() throws -> JSONSchema {
    guard let reference = schema["$ref"]?.text else { return self }
    let parts = reference.split(separator: "#", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].isEmpty || parts[0] == "definitions.json" else {
      throw Unusable(what: reference)
    }
    let file = parts[0].isEmpty ? file : try Self.definitions.get()
    var target: JSONValue? = file
    for name in parts[1].split(separator: "/") { target = target?[String(name)] }
    guard let target else { throw Unusable(what: reference) }
    return try JSONSchema(target, in: file, patterns).resolved()
  }

  /// The dotted names of all properties, as `FieldTree` has them, in alphabetical order.
  func names() throws -> [String] {
    let schema = try resolved()
    if let items = schema.schema["items"] { return try schema.part(items).names() }
    return try (schema.schema["properties"]?.members ?? [:]).flatMap { name, property in
      [name] + (try schema.part(property).names().map { "\(name).\($0)" })
    }.sorted()
  }

  // MARK: Judging

  private static let known: Set = [
    "$schema", "title", "description", "$defs", "$ref", "type", "properties", "required",
    "additionalProperties", "items", "enum", "const", "anyOf", "oneOf", "minimum", "maximum",
    "pattern",
  ]

  /// What is wrong with a value; nothing if it is valid.
  func complaints(about value: JSONValue, at place: String = "") throws -> [String] {
    guard let rules = schema.members else { throw Unusable(what: "no object at \(place)") }
    var complaints: [String] = []
    if rules["$ref"] != nil { complaints += try resolved().complaints(about: value, at: place) }
    for (rule, wanted) in rules {
      guard Self.known.contains(rule) else { throw Unusable(what: rule) }
      if let problem = try problem(rule, wanted, value) {
        complaints.append("\(place): \(problem)")
      }
    }
    for (name, member) in value.members ?? [:] {
      if let property = rules["properties"]?[name] {
        complaints += try part(property)
          .complaints(about: member, at: "\(place).\(name)")
      } else if rules["additionalProperties"] == .flag(false) {
        complaints.append("\(place): unknown property \(name)")
      } else if let others = rules["additionalProperties"], others.members != nil {
        complaints += try part(others).complaints(about: member, at: "\(place).\(name)")
      }
    }
    if let items = rules["items"] {
      for (index, element) in (value.elements ?? []).enumerated() {
        complaints += try part(items)
          .complaints(about: element, at: "\(place)[\(index)]")
      }
    }
    return complaints
  }

  /// What is wrong by one rule that looks at the value as a whole.
  private func problem(_ rule: String, _ wanted: JSONValue, _ value: JSONValue) throws -> String? {
    switch rule {
    case "type":
      // A whole number is a number, too.
      let fits = value.type == wanted.text || value.integer != nil && wanted.text == "number"
      return fits ? nil : "\(value.type) is no \(wanted.text ?? "")"
    case "const": return value == wanted ? nil : "\(value) is not \(wanted)"
    case "enum": return wanted.elements?.contains(value) == true ? nil : "\(value) is no choice"
    case "minimum": return isOrdered(wanted, value) ? nil : "\(value) is too low"
    case "maximum": return isOrdered(value, wanted) ? nil : "\(value) is too high"
    case "pattern":
      guard let text = value.text, let pattern = wanted.text else { return nil }
      let match = try text.firstMatch(of: patterns.regex(pattern))
      return match == nil ? "\(text) is no \(pattern)" : nil
    case "required":
      let missing = (wanted.elements ?? []).compactMap(\.text).filter { value.members?[$0] == nil }
      return value.members == nil || missing.isEmpty ? nil : "lacks \(missing)"
    case "anyOf", "oneOf":
      let fitting = try (wanted.elements ?? []).count {
        try part($0).complaints(about: value).isEmpty
      }
      return fitting == 1 || rule == "anyOf" && fitting > 1 ? nil : "fits \(fitting) of \(rule)"
    default: return nil
    }
  }

  /// What is no number is not judged.
  private func isOrdered(_ low: JSONValue, _ high: JSONValue) -> Bool {
    if let low = low.integer, let high = high.integer { return low <= high }
    guard let low = low.amount, let high = high.amount else { return true }
    return low <= high
  }
}

extension JSONValue {
  /// A number of either kind, as exact as that is.
  fileprivate var amount: Double? {
    if case .number(let number) = self { number } else { integer.map { Double($0) } }
  }

  fileprivate var type: String {
    switch self {
    case .null: "null"
    case .flag: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .text: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}
