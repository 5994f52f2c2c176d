import IPRoute2

/// What is said to a terminal may quote any word of a command line, and one of them may be a key that
/// stands where none belongs.
enum Redaction {
  /// The text without numbers that are too long to be anything but keys.
  static func redacted(_ text: String) -> String {
    var redacted = ""
    var digits = ""
    for character in text {
      if character.isHexDigit {
        digits.append(character)
      } else {
        append(digits, to: &redacted)
        digits = ""
        redacted.append(character)
      }
    }
    append(digits, to: &redacted)
    return redacted
  }

  /// The text without the words that stand where a command has its keys, wherever else they stand.
  static func redacted(_ text: String, keysOf words: [String]) -> String {
    let keys = words.indices.map { (words[$0], SyntaxError.mayBeKey(words, at: $0)) }
      .filter { word, mayBeKey in
        // What is shorter is no key, and would be found within other words.
        mayBeKey && word.utf8.count > 3 && KeySource(word) == nil
      }
    // Keys that have others in them first.
    return keys.map(\.0).sorted { $0.utf8.count > $1.utf8.count }
      .reduce(text) { $0.replacing($1, with: "KEY") }
  }

  private static func append(_ digits: String, to text: inout String) {
    // Numbers have 64 bits at most.
    let longest = text.hasSuffix("0x") || text.hasSuffix("0X") ? 16 : 20
    text += digits.count > longest ? "…" : digits
  }
}
