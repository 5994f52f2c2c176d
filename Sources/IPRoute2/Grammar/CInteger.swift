/// What `strtoul` of the C library makes of a text: iproute2 reads all its numbers with it.
struct CInteger {
  /// The number; a negative one is taken modulo 2⁶⁴.
  var value: UInt64 = 0
  /// Where it ends.
  var end: Int
  /// Whether it is more than 64 bits.
  var isTooLarge = false
  /// Whether there is a sign or blanks in front, which nobody means.
  var hasPrefix = false
  /// Whether a zero in front made it octal.
  var isOctal = false

  /// Reads the number that begins at `start`; `nil` if none does.
  ///
  /// - Parameter base: 0 takes hexadecimal digits behind `0x` and octal ones behind `0`.
  init?(_ text: Span<UInt8>, from start: Int = 0, base: UInt64 = 0) {
    var at = start
    while at < text.count, text[at] == 0x20 || 0x09...0x0d ~= text[at] { at += 1 }
    var isNegative = false
    if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") {
      isNegative = text[at] == UInt8(ascii: "-")
      at += 1
    }
    hasPrefix = at > start
    var base = base
    let startsWithZero = at < text.count && text[at] == UInt8(ascii: "0")
    if base != 10, startsWithZero, at + 2 < text.count, text[at + 1] | 0x20 == UInt8(ascii: "x"),
      Self.digit(text[at + 2]) < 16
    {
      base = 16
      at += 2
    } else if base == 0 {
      base = startsWithZero ? 8 : 10
    }
    let firstDigit = at
    while at < text.count {
      let digit = Self.digit(text[at])
      guard digit < base else { break }
      let (product, isLarge) = value.multipliedReportingOverflow(by: base)
      let (sum, isLarger) = product.addingReportingOverflow(digit)
      isTooLarge = isTooLarge || isLarge || isLarger
      value = sum
      at += 1
    }
    guard at > firstDigit else { return nil }
    isOctal = base == 8 && at > firstDigit + 1
    end = at
    if isNegative { value = 0 &- value }
  }

  /// What a digit counts; 255 for what is none.
  private static func digit(_ character: UInt8) -> UInt64 {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(character &- UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(character &- UInt8(ascii: "a") &+ 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(character &- UInt8(ascii: "A") &+ 10)
    default: 255
    }
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  /// Reads a text that is a number and nothing else; `nil` if it is not, or does not fit.
  ///
  /// - Parameter isStrict: Refuses signs: of −18446744073709551614 C makes 2.
  init?(cText text: Span<UInt8>, base: UInt64 = 0, isStrict: Bool) {
    guard let number = CInteger(text, base: base), number.end == text.count, !number.isTooLarge,
      !(isStrict && number.hasPrefix), let value = Self(exactly: number.value)
    else { return nil }
    self = value
  }
}

extension CommandParser {
  /// The number that is the next argument.
  ///
  /// - Parameter why: What iproute2 says if it is none.
  mutating func number<T: FixedWidthInteger & UnsignedInteger>(
    _ why: @autoclosure () -> String, as _: T.Type = T.self, in valid: ClosedRange<T> = 0...T.max
  ) throws(SyntaxError) -> T {
    let word = try argument("a number")
    guard let value = T(cText: word.utf8Span.span, isStrict: isStrict), valid.contains(value)
    else {
      throw wrong(why(), expected: "a number from \(valid.lowerBound) to \(valid.upperBound)")
    }
    return value
  }

  /// The number that is the next argument of `keyword`, for those whose error names the keyword.
  mutating func number<T: FixedWidthInteger & UnsignedInteger>(
    after keyword: String, as type: T.Type = T.self
  ) throws(SyntaxError) -> T {
    try number("value after \"\(keyword)\" is invalid")
  }
}
