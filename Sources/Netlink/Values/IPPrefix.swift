/// An address and how many of its leading bits count: `10.1.0.0/16`.
///
/// Host bits are kept: to the kernel's policy database 10.1.0.5/24 and 10.1.0.0/24 are different.
public struct IPPrefix: Hashable, Sendable {
  /// The address, bits behind the prefix included.
  public var address: IPAddress
  /// Leading bits that count: at most 32 for IPv4 and 128 for IPv6, which the kernel checks.
  public var length: UInt8

  /// The addresses whose first `length` bits are those of `address`. Nothing is checked.
  public init(_ address: IPAddress, length: UInt8) {
    self.address = address
    self.length = length
  }

  /// The one address.
  public init(_ address: IPAddress) { self.init(address, length: address.bitWidth) }

  /// Reads `ADDRESS` or `ADDRESS/LENGTH`; `nil` if the text is neither, or the length too large.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(address)
      return
    }
    // UInt8 would take a sign, too.
    guard parts[1].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let length = UInt8(parts[1]), length <= address.bitWidth
    else { return nil }
    self.init(address, length: length)
  }

  /// Every address of the family.
  public static func any(_ family: AddressFamily) -> IPPrefix {
    IPPrefix(.unspecified(family), length: 0)
  }

  /// The address's family.
  public var family: AddressFamily { address.family }

  /// Whether an address lies within; one of the other family does not.
  public func contains(_ address: IPAddress) -> Bool {
    switch (self.address, address) {
    // Shifts that leave nothing are 0: every address lies within a prefix of no length.
    case (.v4(let own), .v4(let other)): (own ^ other) >> (32 - Int(min(length, 32))) == 0
    case (.v6(let high, let low), .v6(let otherHigh, let otherLow)):
      (UInt128(high ^ otherHigh) << 64 | UInt128(low ^ otherLow)) >> (128 - Int(min(length, 128)))
        == 0
    default: false
    }
  }

  /// Whether bits are set that do not count.
  public var hasHostBits: Bool {
    switch address {
    case .v4(let bits): bits << length != 0
    case .v6(let high, let low): (UInt128(high) << 64 | UInt128(low)) << length != 0
    }
  }

  /// It without the bits that do not count: 10.1.0.0/24 of 10.1.0.5/24.
  public var network: IPPrefix {
    switch address {
    case .v4(let bits): return IPPrefix(.v4(bits & ~(UInt32.max >> length)), length: length)
    case .v6(let high, let low):
      let mask = ~(UInt128.max >> length)
      return IPPrefix(
        .v6(high & UInt64(mask >> 64), low & UInt64(truncatingIfNeeded: mask)), length: length)
    }
  }
}

extension IPPrefix: CustomStringConvertible {
  public var description: String { "\(address)/\(length)" }
}
