import TestSupport
import Testing

@testable import XFRMConfig

@Suite("YAML")
struct YAMLTests {
  private func read(_ bytes: [UInt8]) -> (node: YAMLNode?, errors: [String]) {
    var diagnostics = Diagnostics()
    let node = YAMLReader.read(bytes, of: "f", &diagnostics)
    return (node, diagnostics.all.map(\.description))
  }

  private func read(_ text: String) -> (node: YAMLNode?, errors: [String]) {
    read(Array(text.utf8))
  }

  @Test("is read with the place of every key and value")
  func places() throws {
    let node = try #require(read("a:\n  - b: 'c d'\n    e: 0x10\n").node)
    let element = try #require(node["a"]?.elements.first)
    #expect(element["b"]?.text == "c d")
    #expect(element["b"]?.span.description == "f:2:8")
    #expect(element["b"]?.span.width == 5)
    #expect(element.members[1].keySpan.description == "f:3:5")
    #expect(node.isNull == false)
    #expect(element["e"]?.isNull == false)
  }

  @Test("takes JSON for what it says")
  func json() throws {
    let node = try #require(read(#"{"a": [1, true, null, "x\u00fc\n"], "b": {}}"#).node)
    #expect(node["a"]?.elements.map(\.text) == ["1", "true", "null", "xü\n"])
    #expect(node["a"]?.elements.map(\.isNull) == [false, false, true, false])
    #expect(node["b"]?.members.isEmpty == true)
  }

  @Test("quotation marks make a text of everything")
  func quoted() throws {
    let node = try #require(read("[null, 'null', ~, \"\"]").node)
    #expect(node.elements.map(\.isNull) == [true, false, true, false])
  }

  @Test("what is no UTF-8 is refused")
  func encoding() {
    for bytes in [[0xff, 0xfe, 0x61, 0], [0x61, 0x3a, 0xc3], [0xed, 0xa0, 0x80]] as [[UInt8]] {
      #expect(read(bytes).errors == ["f:1:1: error: the file is no text in UTF-8"])
    }
    #expect(read([0xef, 0xbb, 0xbf] + Array("a: 1".utf8)).node?["a"]?.text == "1")
  }

  @Test("a file that is too large is refused before it is read")
  func size() {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: YAMLReader.mostBytes + 1)
    #expect(read(bytes).errors == ["f:1:1: error: the file is larger than 16 MiB"])
    #expect(read(Array(bytes.dropLast())).errors.isEmpty)
  }

  @Test("nesting has an end, in every style", arguments: ["[", "{a: ", "- ", "? "])
  func depth(_ opening: String) {
    let deep = read(String(repeating: opening, count: 100_000))
    #expect(deep.errors.count == 1)
    #expect(deep.errors.first?.contains("nested more than 24 deep") == true, "\(deep.errors)")
    let shallow = String(repeating: "[", count: 24) + String(repeating: "]", count: 24)
    #expect(read(shallow).errors.isEmpty)
  }

  @Test("a key that stands twice is refused, however it is written")
  func duplicates() {
    #expect(read("a: 1\n'a': 2\n").errors == ["f:2:1: error: “a” is there already, in line 1"])
    #expect(read("{a: 1, \"\\x61\": 2}").errors.count == 1)
    #expect(read("a: {a: 1}\nb: {a: 1}\n").errors.isEmpty)
  }

  @Test("what is cut off anywhere is read or refused, and never a crash")
  func truncated() {
    let bytes = Array(ConfigurationExample.fleet.text.utf8)
    for count in bytes.indices {
      let (node, errors) = read(Array(bytes.prefix(count)))
      // Before the first key there is a comment.
      #expect(node != nil || !errors.isEmpty || count < 100, "\(count)")
    }
  }

  @Test("is written so that it says the same", arguments: 0..<20 as Range<UInt64>)
  func written(_ seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for _ in 0..<20 {
      let tree = dice.tree(depth: 4)
      for text in [YAMLWriter.text(tree), YAMLWriter.json(tree)] {
        let again = try #require(read(text).node, "\(text)")
        #expect(again.says(tree, ignoringQuotes: true), "\(text)")
      }
    }
  }
}

extension YAMLNode {
  /// Whether both say the same; a text that needs no quotation marks may have lost them.
  func says(_ other: YAMLNode, ignoringQuotes: Bool) -> Bool {
    switch (content, other.content) {
    case (.scalar(let own, _), .scalar(let text, _)): own == text
    case (.sequence(let own), .sequence(let others)):
      own.count == others.count
        && zip(own, others).allSatisfy { $0.says($1, ignoringQuotes: true) }
    case (.mapping(let own), .mapping(let others)):
      own.count == others.count
        && zip(own, others).allSatisfy {
          $0.key == $1.key && $0.value.says($1.value, ignoringQuotes: true)
        }
    default: false
    }
  }
}

extension Dice {
  mutating func tree(depth: Int) -> YAMLNode {
    switch below(depth == 0 ? 1 : 3) {
    case 1: return YAMLNode((0..<below(4)).map { _ in tree(depth: depth - 1) })
    case 2:
      return YAMLNode((0..<below(4)).map { ("k\($0)" + word(), tree(depth: depth - 1)) })
    default: return YAMLNode(.scalar(word(), isPlain: false), at: .start(of: ""))
    }
  }

  private mutating func word() -> String {
    let parts = [
      "a", "true", "10.0.0.0/8", "0x10", ": ", " #", "\n", "\"", "'", "\\", "ü", "😀", "- ", "[",
      "{",
      "~", "null", "\t", "\u{7f}", "\u{85}", "\u{2028}", "", "%", "@", "`", "-", "?", "*", "&", "!",
      "|",
      ">", " ", ",", "]", "}", "12", "1.5", "${x}",
    ]
    return (0..<below(4)).map { _ in parts[below(parts.count)] }.joined()
  }
}
