import Testing

@testable import IPRoute2

@Suite("Errors below the command line")
struct GrammarRenderingTests {
  private func rendered(_ line: String, width: Int = 80) throws -> String {
    let words = ["xfrm"] + line.split(separator: " ").map(String.init)
    let error = try #require(throws: SyntaxError.self) { try parse(words, .xfrmctl) }
    return error.rendered(under: words, width: width)
  }

  @Test("point at the word at fault, and leave out keys")
  func pointing() throws {
    #expect(
      try rendered("state add proto esp spi 1 enc cbc(aes) 0x0102 reqid abc mode tunnel")
        == """
        Error: argument "abc" is wrong: REQID value is invalid
          xfrm state add proto esp spi 1 enc cbc(aes) KEY reqid abc mode tunnel
                                                                ^~~
          expected a number from 0 to 4294967295
        """)
    #expect(
      try rendered("policy add dir sideways")
        == """
        Error: argument "sideways" is wrong: DIR value is invalid
          xfrm policy add dir sideways
                              ^~~~~~~~ expected in, out or fwd
        """)
  }

  @Test("point behind the last word if one is missing")
  func missing() throws {
    #expect(
      try rendered("policy add dir")
        == """
        Error: Command line is not complete. Try option "help"
          xfrm policy add dir …
                              ^ expected in, out or fwd
        """)
  }

  @Test("without a word at fault are the text alone")
  func whole() throws {
    let text = try rendered("state add proto esp spi 1")
    #expect(text.hasPrefix("Error: ALGO-TYPE value \"enc\" or \"aead\" is required"))
    #expect(!text.contains("\n"))
  }

  @Test("stay within their width", arguments: [40, 60, 80, 120])
  func width(width: Int) throws {
    let many = String(repeating: "tmpl proto esp mode tunnel reqid 1 ", count: 10)
    let long = String(repeating: "x", count: 200)
    for line in [
      "policy add dir out \(many) reqid x \(many)", "policy add \(long) \(many)",
      "state add src 1.1.1.1 dst \(long)", "state \(long)", "monitor \(many)",
    ] {
      let lines = try rendered(line, width: width).split(separator: "\n")
      #expect(lines.count >= 3)
      // The first is the text, which repeats the word.
      for line in lines.dropFirst() { #expect(line.count <= width, "\(line)") }
      let mark = try #require(lines[2].firstIndex(of: "^"))
      #expect(!lines[1].dropFirst(lines[2][..<mark].count).hasPrefix(" "))
    }
  }
}
