internal import XFRMKit

/// A line of a listing, and how far it was read.
struct ListingLine {
  struct Word {
    var text: Substring
    var column: Int
  }

  let number: Int
  /// Whether it goes on with what a line before it began.
  let isIndented: Bool
  private(set) var words: [Word]
  private let end: Int
  private var next = 0

  /// The most words that a line has: those of a bitmap are 8, of a policy some 20.
  private static let mostWords = 64

  init(_ text: Substring, number: Int, column: Int) throws(ListingError) {
    self.number = number
    isIndented = text.first?.isWhitespace ?? true
    words = []
    var column = column
    var word: (start: Substring.Index, column: Int)?
    for index in text.unicodeScalars.indices {
      let isBlank = text.unicodeScalars[index].properties.isWhitespace
      if let (start, first) = word, isBlank {
        guard words.count < Self.mostWords else {
          throw ListingError(number, first, "the end of the line")
        }
        words.append(Word(text: text[start..<index], column: first))
        word = nil
      } else if word == nil, !isBlank {
        word = (index, column)
      }
      column += 1
    }
    if let (start, first) = word { words.append(Word(text: text[start...], column: first)) }
    end = column
    guard words.count <= Self.mostWords else {
      throw ListingError(number, words[Self.mostWords].column, "the end of the line")
    }
  }

  /// The word that comes next; `nil` at the end of the line.
  var peek: Substring? { next < words.count ? words[next].text : nil }

  /// What is wrong at the word that comes next.
  func error(_ expected: String) -> ListingError {
    guard next < words.count else { return ListingError(number, end, expected) }
    let word = words[next]
    return ListingError(number, word.column, width: word.text.unicodeScalars.count, expected)
  }

  /// Goes past a word, if it is there.
  mutating func take(_ word: String) -> Bool {
    guard let peek, peek == word else { return false }
    next += 1
    return true
  }

  /// Goes past a word that has to be there.
  mutating func require(_ word: String) throws(ListingError) {
    guard take(word) else { throw error("“\(word)”") }
  }

  /// The word that comes next, whatever it is.
  mutating func word(_ expected: String) throws(ListingError) -> Substring {
    guard let peek else { throw error(expected) }
    next += 1
    return peek
  }

  /// What a function makes of the word that comes next.
  mutating func value<Value>(
    _ expected: String, _ parse: (Substring) -> Value?
  ) throws(ListingError) -> Value {
    guard let peek, let value = parse(peek) else { throw error(expected) }
    next += 1
    return value
  }

  /// A number: decimal, or hexadecimal behind `0x`; what stands in brackets behind it says it again.
  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type = Number.self, _ expected: String = "a number"
  ) throws(ListingError) -> Number {
    try value(expected) { Self.number($0) }
  }

  static func number<Number: FixedWidthInteger>(_ text: Substring) -> Number? {
    let text = text.prefix { $0 != "(" && $0 != "," }
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text
    guard digits.first?.isHexDigit == true else { return nil }
    return Number(digits, radix: text.hasPrefix("0x") ? 16 : 10)
  }

  /// A word of a table, or its number.
  mutating func number(
    _ expected: String, named: (UInt8) -> StaticString?
  ) throws(ListingError) -> UInt8 {
    try value(expected) { text in
      (0...UInt8.max).first { number in named(number).map { "\($0)" == text } ?? false }
        ?? Self.number(text)
    }
  }

  mutating func address() throws(ListingError) -> IPAddress {
    try value("an IP address") { IPAddress(String($0)) }
  }

  mutating func prefix() throws(ListingError) -> IPPrefix {
    try value("a prefix") { IPPrefix(String($0)) }
  }

  /// Leaves what is left of the line aside.
  mutating func skip() { next = words.count }

  /// - Throws: If anything is left of the line.
  func finish() throws(ListingError) {
    if peek != nil { throw error("the end of the line") }
  }
}
