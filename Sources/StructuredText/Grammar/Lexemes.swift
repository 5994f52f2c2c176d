package import XFRMKit

extension Lexeme {
  package static let name = Lexeme(
    noun: "a name",
    allowed: "letters, digits, “.”, “_” and “-”, at most 64, a letter or digit first",
    pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", accepts: { isName($0, atMost: 64) })

  package static let value = Lexeme(
    noun: "a value", allowed: "a text or a number, on one line", pattern: "^[^\\n]*$",
    isNumeric: true, accepts: { !$0.contains(where: \.isNewline) })

  package static let path = Lexeme(
    noun: "a path", allowed: "a file, relative to this one or absolute: sites/paris.yaml",
    pattern: "^.+$", accepts: { !$0.isEmpty && !$0.utf8.contains(0) })

  package static let address = Lexeme(
    noun: "an IP address", allowed: "such as 192.0.2.1 or 2001:db8::1",
    pattern: "^[0-9A-Fa-f.:]+$", accepts: { IPAddress($0) != nil })

  package static let prefix = Lexeme(
    noun: "a prefix", allowed: "such as 10.1.0.0/16, 2001:db8::/32 or one address",
    pattern: "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$", accepts: { IPPrefix($0) != nil })

  package static let ports = Lexeme(
    noun: "a port or range of ports", allowed: "such as 443 or 1024-2047, at most 65535",
    pattern: "^[0-9]{1,5}(-[0-9]{1,5})?$", isNumeric: true, accepts: { Numbers.ports($0) != nil })

  package static let mark = Lexeme(
    noun: "a mark", allowed: "VALUE or VALUE/MASK, such as 0x10/0xff",
    pattern: "^(0x[0-9A-Fa-f]{1,8}|[0-9]{1,10})(/(0x[0-9A-Fa-f]{1,8}|[0-9]{1,10}))?$",
    isNumeric: true, accepts: { Mark(configured: $0) != nil })

  package static let duration = Lexeme(
    noun: "a time", allowed: "seconds, or a number with s, min, h or d: 8h",
    pattern: "^[0-9]+ ?(s|min|h|d)?$", isNumeric: true, accepts: { Numbers.seconds($0) != nil })

  package static let size = Lexeme(
    noun: "a number of bytes", allowed: "bytes, or a number with KiB, MiB, GiB or TiB: 64GiB",
    pattern: "^[0-9]+ ?(KiB|MiB|GiB|TiB)?$", isNumeric: true,
    accepts: { Numbers.bytes($0) != nil })

  package static let proposal = Lexeme(
    noun: "an ESP proposal",
    allowed: "by its IKE name: aes256gcm16, chacha20poly1305, aes256-sha256",
    pattern: "^[a-z0-9_]+(-[a-z0-9_]+)?$", words: ESPProposal.all.map(\.name),
    accepts: { ESPProposal(named: $0) != nil })

  package static let interface = Lexeme(
    noun: "the name of an interface", allowed: "at most 15 characters without blanks and slashes",
    pattern: "^[^ /]{1,15}$",
    accepts: { name in
      (1...15).contains(name.utf8.count) && name != "." && name != ".."
        && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") }
    })

  /// A whole number within limits.
  package static func number(_ range: ClosedRange<UInt64>) -> Lexeme {
    Lexeme(
      noun: "a number from \(range.lowerBound) to \(range.upperBound)",
      allowed: "decimal, or hexadecimal behind 0x",
      pattern: "^(0x[0-9A-Fa-f]+|[0-9]+)$", isNumeric: true,
      accepts: { Numbers.parse($0).map(range.contains) ?? false })
  }

  private static func isName(_ text: String, atMost most: Int) -> Bool {
    guard let first = text.first, text.utf8.count <= most, first.isASCII else { return false }
    return (first.isLetter || first.isNumber)
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
  }
}

extension Mark {
  /// Reads `VALUE` or `VALUE/MASK`.
  package init?(configured text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      .map { Numbers.parse($0).flatMap { UInt32(exactly: $0) } }
    guard let value = parts.first ?? nil, let mask = parts.count == 2 ? parts[1] : .max else {
      return nil
    }
    self.init(value, mask: mask)
  }
}
