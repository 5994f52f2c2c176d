internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// The name of an algorithm that is the next argument. The kernel's field has room for 63 bytes.
  mutating func algorithmName() throws(SyntaxError) -> String {
    guard let name = take() else { throw missing("ALGO-NAME") }
    guard name.utf8.count > 63 else { return name }
    if isStrict { throw wrong("ALGO-NAME is too long", expected: "at most 63 bytes") }
    // Characters that are cut in two would become others.
    var cut = name.prefix(63)
    while cut.utf8.count > 63 { cut.removeLast() }
    return String(cut)
  }

  /// The key that is the next argument.
  mutating func key(for kind: KeyUse.Kind, of algorithm: String) throws(SyntaxError) -> Secret {
    guard let word = take() else { throw missing("ALGO-KEYMAT") }
    guard isNative, let source = KeySource(word) else {
      let key = try literalKey(word)
      if key.count > 0 { hasLiteralKey = true }
      return key
    }
    do throws(KeyUnavailable) {
      return try context.key(source, KeyUse(kind, algorithm: algorithm))
    } catch {
      throw SyntaxError(
        "Error: no key: \(error.reason)", exitStatus: 1, word: next - 1, expected: "a key")
    }
  }

  /// Hexadecimal digits behind `0x`, or else the word's bytes.
  private func literalKey(_ word: String) throws(SyntaxError) -> Secret {
    let text = word.utf8Span.span
    guard text.count >= 2, text[0] == UInt8(ascii: "0"), text[1] | 0x20 == UInt8(ascii: "x") else {
      guard text.count <= Self.longestKey else { throw badKey("makes buffer overflow") }
      return Secret(text)
    }
    if isStrict {
      guard text.count > 2, text[1] == UInt8(ascii: "x") else { throw badKey("is no key") }
    } else if text.count == 2 || text[1] == UInt8(ascii: "X") {
      guard text.count <= Self.longestKey else { throw badKey("makes buffer overflow") }
      return Secret(text)
    }
    return try hexadecimalKey(text.extracting(2..<text.count))
  }

  /// A zero stands in front of an odd number of digits.
  private func hexadecimalKey(_ digits: Span<UInt8>) throws(SyntaxError) -> Secret {
    let count = (digits.count + 1) / 2
    guard count <= Self.longestKey else { throw badKey("makes buffer overflow") }
    var bytes = [UInt8](repeating: 0, count: count)
    // The bytes are a key, and an array does not wipe itself.
    defer { for index in bytes.indices { bytes[index] = 0 } }
    for index in 0..<count {
      let end = digits.count - 2 * (count - 1 - index)
      let pair = digits.extracting(max(0, end - 2)..<end)
      guard let byte = UInt8(cText: pair, base: 16, isStrict: isStrict) else {
        throw badKey("is invalid")
      }
      bytes[index] = byte
    }
    return Secret(bytes.span)
  }

  private static let longestKey = 512

  /// iproute2 repeats the key here.
  private func badKey(_ why: String) -> SyntaxError {
    SyntaxError(
      "Error: argument \"ALGO-KEYMAT\" is wrong: ALGO-KEYMAT value \(why)", exitStatus: 255,
      word: next - 1, expected: "0x and hexadecimal digits, at most 512 bytes")
  }
}
