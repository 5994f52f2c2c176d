/// Why a command line makes no sense.
public struct SyntaxError: Error, Hashable, Sendable {
  /// What iproute2 prints, or would, without the end of the line. Never holds a key.
  public var text: String
  /// What iproute2 exits with: 255 if the words could not be read, 1 if what they say together is
  /// impossible.
  public var exitStatus: Int32
  /// Which of the words is at fault; their number if one is missing at the end.
  public var word: Int?
  /// What should stand there.
  public var expected: String?
  /// Whether no command has that keyword, so that another one may have been meant.
  public var isNoKeyword = false

  /// Refuses words.
  public init(_ text: String, exitStatus: Int32, word: Int? = nil, expected: String? = nil) {
    self.text = text
    self.exitStatus = exitStatus
    self.word = word
    self.expected = expected
  }
}

extension SyntaxError: CustomStringConvertible {
  public var description: String { text }
}

extension SyntaxError {
  /// A word as errors may show it.
  public static func shown(_ word: String) -> String {
    looksLikeKey(word) ? "0x…" : word
  }

  static let incomplete = "Command line is not complete. Try option \"help\""

  /// Whether a key stands at a place, or may: where a command has one, where the length of its check
  /// value should be, and wherever a word looks like one.
  public static func mayBeKey(_ words: [String], at index: Int) -> Bool {
    func isBehind(_ algorithms: [String], by distance: Int) -> Bool {
      index >= distance && algorithms.contains(words[index - distance])
    }
    let word = words[index]
    return looksLikeKey(word) || isBehind(["enc", "auth", "auth-trunc", "aead"], by: 2)
      || isBehind(["auth-trunc", "aead"], by: 3)
        // No keyword is as long, and nobody writes the length so.
        && (word.utf8.count > 15 || word.hasPrefix("0x") || word.hasPrefix("0X"))
  }

  /// Whether it has more digits than any number but a key.
  static func looksLikeKey(_ word: String) -> Bool {
    let digits = word.utf8.count
    guard digits > 18 else { return false }
    return word.hasPrefix("0x") || word.hasPrefix("0X")
      || digits > 20 && word.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }
}

// MARK: - As iproute2 words them

extension CommandParser {
  /// The word taken last is not what it should be.
  @inline(never)
  func wrong(_ why: String, expected: String? = nil) -> SyntaxError {
    wrong(why, at: next - 1, expected: expected)
  }

  @inline(never)
  func wrong(_ why: String, at index: Int, expected: String? = nil) -> SyntaxError {
    let word = SyntaxError.shown(words[index])
    return SyntaxError(
      "Error: argument \"\(word)\" is wrong: \(why)", exitStatus: 255, word: index,
      expected: expected)
  }

  /// The word taken last says again what may be said once.
  @inline(never)
  func duplicate(_ what: String) -> SyntaxError {
    let word = SyntaxError.shown(words[next - 1])
    return SyntaxError(
      "Error: duplicate \"\(what)\": \"\(word)\" is the second value.", exitStatus: 255,
      word: next - 1, expected: "it once")
  }

  /// What the grammar demands is not there.
  @inline(never)
  func missing(_ what: String) -> SyntaxError {
    SyntaxError(
      "Error: argument \"\(what)\" is required", exitStatus: 255, word: next, expected: what)
  }

  /// The words end too early.
  @inline(never)
  func incomplete(expected: String?) -> SyntaxError {
    SyntaxError(
      SyntaxError.incomplete, exitStatus: 255, word: words.count, expected: expected)
  }

  /// What the words say cannot be, found when all were read.
  @inline(never)
  func impossible(_ text: String, at index: Int? = nil, expected: String? = nil) -> SyntaxError {
    SyntaxError(text, exitStatus: 1, word: index, expected: expected)
  }
}
