/// Numbers as configurations have them.
package enum Numbers {
  /// Reads decimal digits, or hexadecimal ones behind `0x`; no sign, no blanks.
  package static func parse(_ text: some StringProtocol) -> UInt64? {
    let isHexadecimal = text.hasPrefix("0x")
    let digits = isHexadecimal ? text.dropFirst(2) : text[...]
    guard let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-")
    else { return nil }
    // To YAML 1.1 it was octal.
    if !isHexadecimal, digits.utf8.count > 1, first == UInt8(ascii: "0") { return nil }
    return UInt64(digits, radix: isHexadecimal ? 16 : 10)
  }

  /// Reads a number with one of the units behind it; without one, the number itself.
  package static func parse(_ text: String, units: [(name: String, factor: UInt64)]) -> UInt64? {
    if let number = parse(text) { return number }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard let number = parse(digits), let factor = units.first(where: { $0.name == unit })?.factor
    else { return nil }
    let (product, overflows) = number.multipliedReportingOverflow(by: factor)
    return overflows ? nil : product
  }

  /// `90s`, `30min`, `8h`, `1d`; seconds.
  package static func seconds(_ text: String) -> UInt64? {
    parse(text, units: [("s", 1), ("min", 60), ("h", 3600), ("d", 86_400)])
  }

  /// `64MiB`, `1GiB`; bytes.
  package static func bytes(_ text: String) -> UInt64? {
    parse(text, units: [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)])
  }

  /// `443` or `1024-2047`
  package static func ports(_ text: String) -> ClosedRange<UInt16>? {
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { parse($0).flatMap { UInt16(exactly: $0) } }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
      return nil
    }
    return first...last
  }
}
