extension ByteBuffer {
  /// Appends text of the program.
  @inlinable @inline(__always)
  package mutating func append(_ text: StaticString) {
    // Sound: such texts are constants, which are never given back.
    unsafe storage.append(
      copying: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends text that is none of the program's.
  package mutating func append(name: String) { storage.append(name.utf8Span.span) }

  /// Appends a number in decimal, with a sign if it is negative.
  package mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude, digits: 1)
  }

  /// Appends a number in decimal, with zeros in front up to so many digits.
  package mutating func append(decimal number: UInt64, digits least: Int) {
    if number < 10, least == 1 {
      append(Self.zero + UInt8(truncatingIfNeeded: number))
      return
    }
    var rest = number
    var digits = InlineArray<20, UInt8>(repeating: Self.zero)
    var start = digits.count
    repeat {
      start -= 1
      digits[start] += UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
    start = min(start, digits.count - least)
    storage.append(digits.span.extracting(start..<digits.count))
  }

  /// Appends a number in hexadecimal, with zeros in front up to so many digits.
  package mutating func append(hex number: UInt32, digits least: Int = 1) {
    let needed = (35 - number.leadingZeroBitCount) / 4
    for digit in (0..<max(needed, least)).reversed() {
      append(Self.hexDigit(UInt8(truncatingIfNeeded: number >> (4 * UInt32(digit)) & 0xf)))
    }
  }

  /// Appends every byte as two hexadecimal digits.
  package mutating func append(hexOf bytes: Span<UInt8>) {
    storage.reserve(2 * bytes.count)
    for index in bytes.indices {
      append(Self.hexDigit(bytes[index] >> 4))
      append(Self.hexDigit(bytes[index] & 0xf))
    }
  }

  fileprivate static let zero = UInt8(ascii: "0")

  @inline(__always)
  private static func hexDigit(_ value: UInt8) -> UInt8 {
    // The same time for every digit: it may be a key's.
    zero &+ value &+ ((value &+ 6) >> 4) &* 39
  }
}

// MARK: - Addresses

extension ByteBuffer {
  /// Appends an address as `inet_ntop` writes it.
  package mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let bits): appendIPv4(bits)
    case .v6(let high, let low): appendIPv6(high, low)
    }
  }

  private mutating func appendIPv4(_ bits: UInt32) {
    for shift: UInt32 in [24, 16, 8] {
      appendOctet(bits >> shift & 0xff)
      append(UInt8(ascii: "."))
    }
    appendOctet(bits & 0xff)
  }

  @inline(__always)
  private mutating func appendOctet(_ value: UInt32) {
    if value >= 100 { append(Self.zero &+ UInt8(truncatingIfNeeded: value / 100)) }
    if value >= 10 { append(Self.zero &+ UInt8(truncatingIfNeeded: value / 10 % 10)) }
    append(Self.zero &+ UInt8(truncatingIfNeeded: value % 10))
  }

  /// RFC 5952, and the older habit of IPv4 digits in what embeds an IPv4 address.
  private mutating func appendIPv6(_ high: UInt64, _ low: UInt64) {
    func group(_ index: Int) -> UInt32 {
      UInt32((index < 4 ? high : low) >> UInt64(48 - index % 4 * 16) & 0xffff)
    }
    let gap = Self.longestGap(group)
    let embedsIPv4 = gap == 0..<6 || gap == 0..<5 && group(5) == 0xffff
    var index = 0
    while index < 8 {
      if index == gap.lowerBound, !gap.isEmpty {
        append("::")
        index = gap.upperBound
        continue
      }
      if index > 0, index != gap.upperBound || gap.isEmpty { append(UInt8(ascii: ":")) }
      if index == 6, embedsIPv4 {
        appendIPv4(UInt32(truncatingIfNeeded: low))
        return
      }
      append(hex: group(index))
      index += 1
    }
  }

  /// The first of the longest runs of at least two groups that are zero.
  private static func longestGap(_ group: (Int) -> UInt32) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0..<8 {
      guard group(index) == 0 else {
        start = index + 1
        continue
      }
      let length = index + 1 - start
      if length > 1, length > longest.count { longest = start..<(index + 1) }
    }
    return longest
  }
}
