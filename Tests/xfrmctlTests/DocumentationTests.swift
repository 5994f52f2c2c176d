import FoundationEssentials
import Testing

@testable import xfrmctl

/// `docs/JSON.md`
@Suite("The page on JSON")
struct DocumentationTests {
  private static let page =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/docs/JSON.md"

  /// A block of JSON and the schema that the heading above it names.
  private static func examples() throws -> [(schema: String, line: String)] {
    let text = String(decoding: try Data(contentsOf: URL(filePath: page)), as: UTF8.self)
    var examples: [(String, String)] = []
    var schema = ""
    var block: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("## "), let name = line.split(separator: "`").dropFirst().first {
        schema = String(name)
      } else if line == "```json" {
        block = ""
      } else if line == "```", let whole = block {
        // Of what is read line by line every line is an example.
        if schema == "event" {
          examples += whole.split(separator: "\n").map { (schema, String($0)) }
        } else {
          examples.append((schema, whole))
        }
        block = nil
      } else {
        block? += "\(line)\n"
      }
    }
    return examples
  }

  @Test("shows what the schemas take, an example for each at least")
  func valid() throws {
    let examples = try Self.examples()
    for (schema, text) in examples {
      let complaints = try JSONSchema(named: schema).complaints(about: JSONValue(parsing: text))
      #expect(complaints == [], "\(schema): \(text)")
    }
    #expect(
      Set(examples.map(\.schema)) == [
        "association-list", "policy-list", "sad-info", "spd-info", "default-actions", "checkpoint",
        "event", "statistics", "check", "check-list", "check-report", "check-undo", "explanation",
        "key-list", "lab-list", "plan", "status", "rotation", "drift", "history",
        "packet-explanation", "diagnosis", "bench", "config-check", "lab-demo",
      ])
  }
}
