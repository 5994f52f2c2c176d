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

  private static func append(_ digits: String, to text: inout String) {
    // Numbers have 64 bits at most.
    let longest = text.hasSuffix("0x") || text.hasSuffix("0X") ? 16 : 20
    text += digits.count > longest ? "…" : digits
  }
}
