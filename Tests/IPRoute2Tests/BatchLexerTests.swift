import Testing

@testable import IPRoute2

@Suite("Batch files")
struct BatchLexerTests {
  private func lines(_ text: String) throws -> [BatchLine] {
    var lexer = BatchLexer(Array(text.utf8))
    var lines: [BatchLine] = []
    while let line = try lexer.next() { lines.append(line) }
    return lines
  }

  @Test("have comments, quotes and lines that go on")
  func syntax() throws {
    let text = """
      # comment line

      xfrm state add aead "rfc4106(gcm(aes))" 0x00 128 # tail comment
      xfrm state delete dst 10.9.9.9 proto esp \\
        spi 0x2
      \t 'a b'"c d" e"f 'g'h ''\r
      """
    #expect(
      try lines(text) == [
        BatchLine(
          number: 3, words: ["xfrm", "state", "add", "aead", "rfc4106(gcm(aes))", "0x00", "128"]),
        BatchLine(
          number: 4,
          words: ["xfrm", "state", "delete", "dst", "10.9.9.9", "proto", "esp", "spi", "0x2"]),
        BatchLine(number: 6, words: ["a b", "c d", "e\"f", "g", "h", ""]),
      ])
  }

  @Test("know no comment in quotes, and no blank where lines are joined")
  func oddities() throws {
    #expect(throws: BatchError(line: 1, .unterminatedQuote)) { try lines("a \"b # c\"") }
    #expect(try lines("a b\\\nc").first?.words == ["a", "bc"])
    #expect(try lines("a \\# b\nc").map(\.words) == [["a", "\\"], ["c"]])
    #expect(try lines("a \\\nb # c \\\nd").map(\.words) == [["a", "b"], ["d"]])
    #expect(try lines("a \\").map(\.words) == [["a", "\\"]])
  }

  @Test("have lines of 511 words")
  func words() throws {
    let most = String(repeating: "a ", count: BatchLexer.mostWords)
    #expect(try lines(most).first?.words.count == 511)
    #expect(throws: BatchError(line: 2, .tooManyWords(limit: 511))) { try lines("b\n\(most)a") }
  }

  @Test("may be broken, and go on behind that")
  func errors() throws {
    #expect(throws: BatchError(line: 1, .missingContinuation)) { try lines("a \\\n") }
    for bad in [[0xff], [0x61, 0x00]] as [[UInt8]] {
      var lexer = BatchLexer(bad + Array("\nok".utf8))
      #expect(throws: BatchError(line: 1, .notText)) { try lexer.next() }
      #expect(try lexer.next() == BatchLine(number: 2, words: ["ok"]))
      #expect(try lexer.next() == nil)
    }
  }

  @Test("are numbered by the lines that commands begin in")
  func numbers() throws {
    #expect(try lines("\n\na\\\n\\\nb\n\nc").map(\.number) == [3, 7])
    #expect(BatchError(line: 3, .notText).description == "line 3: not text")
  }
}
