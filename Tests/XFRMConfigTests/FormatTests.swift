import TestSupport
import Testing

@testable import XFRMConfig

@Suite("Layout of files")
struct FormatTests {
  private func format(_ text: String) -> String? {
    try? YAMLFormatter.format(Array(text.utf8), of: "f").get()
  }

  private func comments(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      line.firstRange(of: "# c").map { String(line[$0.lowerBound...]) }
    }
  }

  @Test("is laid out anew, with comments where they belong")
  func comments() {
    let text = """
      # c1
      a:   1   # c2


      b:
          # c3
          - x: 'q'    # c4
            y: [1,   2,
                3]   # c5
          # c6
          -   z: "# no comment"
          # c7
      # c8
      c: { d: e, f: "#" } # c9
      # c10
      """
    let expected = """
      # c1
      a: 1  # c2

      b:
        # c3
        - x: 'q'  # c4
          y: [1, 2, 3]  # c5
        # c6
        - z: "# no comment"
        # c7
      # c8
      c: {d: e, f: "#"}  # c9
      # c10

      """
    #expect(format(text) == expected)
  }

  @Test("what stands in brackets with comments becomes a list")
  func brackets() {
    let expected = """
      a:
        - 1  # c1
        - 2
      # c2

      """
    #expect(format("a: [1, # c1\n  2]\n# c2\n") == expected)
  }

  @Test("JSON becomes YAML if it is too long for a line")
  func json() {
    #expect(format(#"{"a": {"b": 1}}"#) == "{\"a\": {\"b\": 1}}\n")
    let long = String(repeating: "x", count: 60)
    #expect(
      format("{\"a\": \"\(long)\", \"b\": \"\(long)\"}")
        == "\"a\": \"\(long)\"\n\"b\": \"\(long)\"\n")
  }

  @Test("is what examples have", arguments: ConfigurationExample.all.map(\.name))
  func examples(_ name: String) throws {
    let example = try #require(ConfigurationExample.all.first { $0.name == name })
    #expect(format(example.text) == example.text)
  }

  @Test(
    "stays as it is when it is done again, and says the same", arguments: 0..<40 as Range<UInt64>)
  func stable(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for _ in 0..<20 {
      let text = dice.file()
      guard let once = format(text) else { continue }
      #expect(format(once) == once, "\(text)")
      #expect(comments(once) == comments(text), "\(text)\nbecame\n\(once)")
    }
  }

  @Test("is refused only where something would be lost")
  func refused() {
    var dice = Dice(seed: 7)
    let files = (0..<400).map { _ in dice.file() }
    let refused = files.filter { format($0) == nil }
    #expect(refused.count * 50 <= files.count, "\(refused.count): \(refused.first ?? "")")
  }

  @Test("a file that cannot be read is told of as elsewhere")
  func broken() {
    guard case .failure(let findings) = YAMLFormatter.format(Array("a: [".utf8), of: "f") else {
      Issue.record("it was formatted")
      return
    }
    #expect(findings.diagnostics.map(\.description).first?.hasPrefix("f:") == true)
  }
}

extension Dice {
  /// A file of mappings and lists in various layouts, with comments.
  fileprivate mutating func file() -> String {
    var comment = 0
    var text = ""
    func next(_ chance: Bool) -> String {
      guard chance else { return "" }
      comment += 1
      return "# c\(comment)"
    }
    for key in 0..<1 + below(4) {
      if chance(30) { text += next(true) + "\n" }
      if chance(20) { text += "\n" }
      let pad = String(repeating: " ", count: 1 + below(3))
      switch below(4) {
      case 0: text += "k\(key):\(pad)v\(key) \(next(chance(40)))\n"
      case 1:
        text += "k\(key): \(next(chance(30)))\n"
        let indent = String(repeating: " ", count: below(5))
        for _ in 0..<1 + below(3) {
          if chance(30) { text += indent + next(true) + "\n" }
          text += "\(indent)-\(pad)a: 'x#' \(next(chance(30)))\n"
          text += indent + " " + pad + "b: {c: 1, d: [2, \"#\"]} \(next(chance(30)))\n"
        }
        if chance(30) { text += indent + next(true) + "\n" }
      case 2: text += "k\(key): [1, 2, \(next(chance(50)))\n  3]\n"
      default:
        text += "k\(key):\n"
        let indent = String(repeating: " ", count: 1 + below(5))
        for inner in 0..<1 + below(3) {
          text += "\(indent)i\(inner): \"t\" \(next(chance(30)))\n"
          if chance(30) { text += indent + next(true) + "\n" }
        }
      }
    }
    return text
  }
}
