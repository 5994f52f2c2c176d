/// Cuts a file for `ip -batch` into commands and those into words.
///
/// A `#` ends the line wherever it stands, quotes or not; a backslash at the end of a line joins it
/// with the next; a word that begins with `'` or `"` goes on to the same character, and within a
/// word both are ordinary.
///
/// A batch may hold keys. The lexer keeps the bytes that it was given; the words are strings, which
/// nobody wipes.
public struct BatchLexer: Sendable {
  /// The most words of a command.
  public static let mostWords = 511

  private let bytes: [UInt8]
  private var position = 0
  private var line = 0

  /// Reads a whole file.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next command; `nil` at the end. After an error the one behind it.
  public mutating func next() throws(BatchError) -> BatchLine? {
    while position < bytes.count {
      let number = line + 1
      let part = takeLine()
      let words: [String]
      if part.isContinued {
        let joined = try join(part.range, number)
        words = try Self.words(of: joined, 0..<joined.count, number)
      } else {
        words = try Self.words(of: bytes, part.range, number)
      }
      if !words.isEmpty { return BatchLine(number: number, words: words) }
    }
    return nil
  }

  /// The next line up to its comment, and whether a backslash ends it.
  private mutating func takeLine() -> (range: Range<Int>, isContinued: Bool) {
    // A span of the property would keep the others from being changed.
    let whole = bytes
    let bytes = whole.span
    let start = position
    var end = start
    var comment: Int?
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
      if bytes[end] == UInt8(ascii: "#"), comment == nil { comment = end }
      end += 1
    }
    line += 1
    position = end + 1
    if let comment { return (start..<comment, false) }
    let isContinued = end < bytes.count && end > start && bytes[end - 1] == UInt8(ascii: "\\")
    return (start..<(isContinued ? end - 1 : end), isContinued)
  }

  /// A line with those that continue it.
  private mutating func join(
    _ first: Range<Int>, _ number: Int
  ) throws(BatchError) -> [UInt8] {
    var joined = Array(bytes[first])
    while true {
      guard position < bytes.count else { throw BatchError(line: number, .missingContinuation) }
      let part = takeLine()
      joined += bytes[part.range]
      if !part.isContinued { return joined }
    }
  }

  private static func words(
    of bytes: [UInt8], _ range: Range<Int>, _ number: Int
  ) throws(BatchError) -> [String] {
    let text = bytes.span.extracting(range)
    var words: [String] = []
    var at = 0
    while true {
      while at < text.count, isBlank(text[at]) { at += 1 }
      guard at < text.count else { return words }
      guard words.count < mostWords else {
        throw BatchError(line: number, .tooManyWords(limit: mostWords))
      }
      if words.isEmpty { words.reserveCapacity(32) }
      let quote = text[at]
      let isQuoted = quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
      if isQuoted { at += 1 }
      let start = at
      while at < text.count, isQuoted ? text[at] != quote : !isBlank(text[at]) {
        if text[at] == 0 { throw BatchError(line: number, .notText) }
        at += 1
      }
      if isQuoted, at == text.count { throw BatchError(line: number, .unterminatedQuote) }
      words.append(try word(text.extracting(start..<at), number))
      at += 1
    }
  }

  private static func word(_ text: Span<UInt8>, _ number: Int) throws(BatchError) -> String {
    do throws(UTF8.ValidationError) {
      return String(copying: try UTF8Span(validating: text))
    } catch {
      throw BatchError(line: number, .notText)
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a
  }
}
