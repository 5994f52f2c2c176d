/// Writes JSON Schemas of shapes.
package enum SchemaWriter {
  /// The schema of a file: draft 2020-12.
  ///
  /// - Parameters:
  ///   - file: What the file holds.
  ///   - title: What it is.
  ///   - description: What else there is to say.
  package static func json(_ file: Section, title: String, description: String) -> String {
    var definitions: [(String, YAMLNode?)] = []
    var known: Set<String> = []
    let main = schema(file, &definitions, &known)
    let members: [(String, YAMLNode?)] = [
      ("$schema", YAMLNode(text: "https://json-schema.org/draft/2020-12/schema")),
      ("title", YAMLNode(text: title)),
      ("description", YAMLNode(text: description)),
    ]
    let whole =
      members + main.members.map { ($0.key, $0.value) }
      + [("$defs", YAMLNode(definitions.sorted { $0.0 < $1.0 }))]
    return YAMLWriter.json(YAMLNode(whole)) + "\n"
  }

  /// Every section of a file that has a name, with the names of its keys.
  package static func sections(of file: Section) -> [(name: String, keys: [String])] {
    var found: [(String, [String])] = []
    func visit(_ shape: Shape) {
      switch shape {
      case .section(let section), .either(_, let section): visit(section)
      case .list(let element), .oneOrMore(let element), .map(_, let element): visit(element)
      case .lexeme, .flag, .choice, .unsupported: break
      }
    }
    func visit(_ section: Section) {
      guard !found.contains(where: { $0.0 == section.name }) else { return }
      found.append((section.name, section.fields.map(\.name)))
      for field in section.fields { visit(field.shape) }
    }
    visit(file)
    return found
  }

  // MARK: Shapes

  private static func schema(
    _ section: Section, _ definitions: inout [(String, YAMLNode?)], _ known: inout Set<String>
  ) -> YAMLNode {
    var properties: [(String, YAMLNode?)] = []
    for field in section.fields {
      let value = schema(field.shape, &definitions, &known)
      let described =
        [("description", YAMLNode?(YAMLNode(text: field.summary)))]
        + value.members.map { ($0.key, $0.value) }
      properties.append((field.name, YAMLNode(described)))
    }
    let required = section.fields.filter(\.isRequired).map { YAMLNode(text: $0.name) }
    return YAMLNode([
      ("type", YAMLNode(text: "object")),
      ("properties", YAMLNode(properties)),
      ("required", required.isEmpty ? nil : YAMLNode(required)),
      ("additionalProperties", YAMLNode(false)),
    ])
  }

  private static func reference(
    _ section: Section, _ definitions: inout [(String, YAMLNode?)], _ known: inout Set<String>
  ) -> YAMLNode {
    if known.insert(section.name).inserted {
      let value = schema(section, &definitions, &known)
      definitions.append((section.name, value))
    }
    return YAMLNode([("$ref", YAMLNode(text: "#/$defs/\(section.name)"))])
  }

  private static func schema(
    _ shape: Shape, _ definitions: inout [(String, YAMLNode?)], _ known: inout Set<String>
  ) -> YAMLNode {
    switch shape {
    case .lexeme(let lexeme): return schema(lexeme)
    case .flag: return YAMLNode([("type", YAMLNode(text: "boolean"))])
    case .choice(let words):
      // A word that is a number is one in JSON, too.
      let values = words.flatMap {
        Numbers.parse($0) == nil ? [YAMLNode(text: $0)] : [YAMLNode($0), YAMLNode(text: $0)]
      }
      return YAMLNode([("enum", YAMLNode(values))])
    case .list(let element): return list(schema(element, &definitions, &known))
    case .oneOrMore(let element):
      let one = schema(element, &definitions, &known)
      return YAMLNode([("anyOf", YAMLNode([one, list(one)]))])
    case .section(let section): return reference(section, &definitions, &known)
    case .map(_, let value):
      return YAMLNode([
        ("type", YAMLNode(text: "object")),
        ("additionalProperties", schema(value, &definitions, &known)),
      ])
    case .either(let shape, let section):
      let one = schema(shape, &definitions, &known)
      return YAMLNode([("anyOf", YAMLNode([one, reference(section, &definitions, &known)]))])
    case .unsupported(let harmless, _):
      let values = harmless.map { [$0 == "false" ? YAMLNode(false) : YAMLNode(text: $0)] } ?? []
      return YAMLNode([("enum", YAMLNode(values))])
    }
  }

  private static func list(_ element: YAMLNode) -> YAMLNode {
    YAMLNode([("type", YAMLNode(text: "array")), ("items", element)])
  }

  private static func schema(_ lexeme: Lexeme) -> YAMLNode {
    let text: [(String, YAMLNode?)] = [
      ("type", YAMLNode(text: "string")), ("pattern", YAMLNode(text: lexeme.pattern)),
    ]
    guard lexeme.isNumeric else { return YAMLNode(text) }
    let number = YAMLNode([("type", YAMLNode(text: "integer")), ("minimum", YAMLNode(0))])
    return YAMLNode([("anyOf", YAMLNode([number, YAMLNode(text)]))])
  }
}
