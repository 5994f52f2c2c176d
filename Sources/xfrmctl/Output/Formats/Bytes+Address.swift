import XFRMKit

extension [UInt8] {
  /// The text that the address's own description is, without a string for each.
  mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let bits): append(dotted: bits)
    case .v6(let high, let low): append(high, low)
    }
  }

  private mutating func append(dotted bits: UInt32) {
    for shift: UInt32 in [24, 16, 8, 0] {
      append(decimal: UInt64(bits >> shift & 0xff))
      if shift > 0 { append(UInt8(ascii: ".")) }
    }
  }

  /// As RFC 5952 has it: the first of the longest runs of zeros is left out.
  private mutating func append(_ high: UInt64, _ low: UInt64) {
    let run = Self.longestZeros(high, low)
    // An IPv4 address inside is written as one, where C libraries do.
    let endsDotted =
      high == 0 && (low >> 32 == 0xffff || low >> 32 == 0 && low >> 16 != 0)
    var index = 0
    while index < (endsDotted ? 6 : 8) {
      if index == run.lowerBound, !run.isEmpty {
        append(text: "::")
        index = run.upperBound
        continue
      }
      if index > 0, index != run.upperBound || run.isEmpty { append(UInt8(ascii: ":")) }
      append(hexadecimal: Self.group(index, high, low))
      index += 1
    }
    if endsDotted {
      if run.upperBound != 6 { append(UInt8(ascii: ":")) }
      append(dotted: UInt32(truncatingIfNeeded: low))
    }
  }

  private static func longestZeros(_ high: UInt64, _ low: UInt64) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      if group(index, high, low) != 0 {
        start = index + 1
      } else if index + 1 - start > Swift.max(longest.count, 1) {
        longest = start..<index + 1
      }
    }
    return longest
  }

  /// One of the eight groups of sixteen bits.
  private static func group(_ index: Int, _ high: UInt64, _ low: UInt64) -> UInt16 {
    let half = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: half >> UInt64((3 - index % 4) * 16))
  }

  private mutating func append(hexadecimal group: UInt16) {
    var shift: UInt16 = group > 0xfff ? 12 : group > 0xff ? 8 : group > 0xf ? 4 : 0
    while true {
      let digit = UInt8(truncatingIfNeeded: group >> shift & 0xf)
      append(digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a"))
      if shift == 0 { return }
      shift -= 4
    }
  }
}
