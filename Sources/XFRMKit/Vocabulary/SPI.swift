/// A security parameters index: which of a destination's SAs a packet belongs to.
///
/// 1–255 are reserved by IANA, and 0 never appears on the wire (RFC 4303, 2.1).
public struct SPI: OpenEnumeration, CustomStringConvertible, ExpressibleByIntegerLiteral {
  public var rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public init(integerLiteral value: UInt32) { self.init(rawValue: value) }

  /// Eight hexadecimal digits, as `ip xfrm` prints them.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
