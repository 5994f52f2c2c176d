internal import Netlink

extension CommandParser {
  /// The prefix that is the next argument; `nil` for `any`, `all` or `default` where no family is
  /// preferred that would say which.
  mutating func prefix(of family: AddressFamily) throws(SyntaxError) -> IPPrefix? {
    let word = try argument("an address or a prefix")
    if Self.isAny(word) { return family == .unspecified ? nil : .any(family) }
    guard let prefix = IPPrefix(cText: word, isStrict: isStrict), family.takes(prefix.family)
    else { throw notAnAddress(word, "prefix", family) }
    return prefix
  }

  /// The prefix after `src` or `dst`.
  mutating func prefix(after keyword: String) throws(SyntaxError) -> IPPrefix {
    guard let prefix = try prefix(of: preferredFamily) else {
      throw wrong(
        "value after \"\(keyword)\" has an unrecognized address family",
        expected: "an address; -4 or -6 says of which family any is")
    }
    return prefix
  }

  /// The address that is the next argument.
  mutating func address(of family: AddressFamily = .unspecified) throws(SyntaxError) -> IPAddress {
    let word = try argument("an address")
    if Self.isAny(word) { return .unspecified(family) }
    let text = word.utf8Span.span
    guard let address = IPAddress(cText: text, isStrict: isStrict), family.takes(address.family)
    else { throw notAnAddress(word, "address", family) }
    return address
  }

  private static func isAny(_ word: String) -> Bool {
    word == "any" || word == "all" || word == "default"
  }

  private func notAnAddress(
    _ word: String, _ what: String, _ family: AddressFamily
  ) -> SyntaxError {
    let kind =
      switch family {
      case .ipv4: "inet"
      case .ipv6: "inet6"
      default: "any valid"
      }
    return impossible(
      "Error: \(kind) \(what) is expected rather than \"\(SyntaxError.shown(word))\".",
      at: next - 1, expected: family == .unspecified ? "an address" : "an \(family) address")
  }
}

extension AddressFamily {
  fileprivate func takes(_ other: AddressFamily) -> Bool {
    self == .unspecified || self == other
  }
}

extension IPAddress {
  /// Reads what iproute2 takes for an address: IPv6 in its usual form, or up to four numbers as C
  /// reads them. Missing ones are zeros on the right.
  ///
  /// - Parameter isStrict: Refuses numbers that C takes for octal, and signs.
  init?(cText text: Span<UInt8>, isStrict: Bool) {
    if text.indices.contains(where: { text[$0] == UInt8(ascii: ":") }) {
      guard let valid = try? UTF8Span(validating: text),
        let address = IPAddress(String(copying: valid)),
        address.family == .ipv6
      else { return nil }
      self = address
      return
    }
    var bits: UInt32 = 0
    var start = 0
    for part in 0..<4 as Range<UInt32> {
      guard let number = CInteger(text, from: start), number.value <= 255, !number.isTooLarge,
        !(isStrict && (number.hasPrefix || number.isOctal))
      else { return nil }
      bits |= UInt32(number.value) << (24 - 8 * part)
      if number.end == text.count {
        self = .v4(bits)
        return
      }
      guard text[number.end] == UInt8(ascii: ".") else { return nil }
      start = number.end + 1
    }
    return nil
  }
}

extension IPPrefix {
  /// Reads `ADDRESS`, `ADDRESS/LENGTH` or `ADDRESS/NETMASK`.
  init?(cText word: String, isStrict: Bool) {
    let text = word.utf8Span.span
    let slash = text.indices.first { text[$0] == UInt8(ascii: "/") } ?? text.count
    guard let address = IPAddress(cText: text.extracting(0..<slash), isStrict: isStrict) else {
      return nil
    }
    guard slash < text.count else {
      self.init(address)
      return
    }
    let behind = text.extracting((slash + 1)..<text.count)
    guard let length = Self.length(behind, isStrict: isStrict), length <= address.bitWidth
    else { return nil }
    self.init(address, length: length)
  }

  private static func length(_ text: Span<UInt8>, isStrict: Bool) -> UInt8? {
    if let number = UInt32(cText: text, isStrict: isStrict) { return UInt8(exactly: number) }
    guard case .v4(let mask) = IPAddress(cText: text, isStrict: isStrict) else { return nil }
    // All ones, and behind them all zeros.
    guard ~mask & (~mask &+ 1) == 0 else { return nil }
    return UInt8(mask.nonzeroBitCount)
  }
}
