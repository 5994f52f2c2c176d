internal import CNetlink
internal import Glibc

/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
  /// The address as a number: 192.0.2.1 is `0xc000_0201`.
  case v4(UInt32)
  /// The address as a number's upper and lower half.
  case v6(UInt64, UInt64)

  /// Reads the usual text form; `nil` if the text is not an address.
  public init?(_ text: String) {
    // To C the text would end there.
    guard !text.utf8.contains(0) else { return nil }
    var four = in_addr()
    var six = in6_addr()
    // Sound: inet_pton writes exactly one address of the family it is given.
    if unsafe inet_pton(AF_INET, text, &four) == 1 {
      self = .v4(UInt32(bigEndian: four.s_addr))
    } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
      let halves = unsafe unsafeBitCast(six, to: (UInt64, UInt64).self)
      self = .v6(UInt64(bigEndian: halves.0), UInt64(bigEndian: halves.1))
    } else {
      return nil
    }
  }

  /// 0.0.0.0 or `::`
  public static func unspecified(_ family: AddressFamily) -> IPAddress {
    family == .ipv6 ? .v6(0, 0) : .v4(0)
  }

  /// IPv4 or IPv6.
  public var family: AddressFamily {
    switch self {
    case .v4: .ipv4
    case .v6: .ipv6
    }
  }

  /// Whether it is 0.0.0.0 or `::`.
  public var isUnspecified: Bool {
    switch self {
    case .v4(let bits): bits == 0
    case .v6(let high, let low): high | low == 0
    }
  }

  /// 224.0.0.0/4 or ff00::/8
  public var isMulticast: Bool {
    switch self {
    case .v4(let bits): bits >> 28 == 0xe
    case .v6(let high, _): high >> 56 == 0xff
    }
  }

  /// Bits in an address of this family.
  public var bitWidth: UInt8 { family == .ipv6 ? 128 : 32 }
}

extension IPAddress: CustomStringConvertible {
  /// The usual text form, IPv6 as RFC 5952 has it.
  public var description: String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
      // Sound: each argument has the size its family needs, and the text is terminated.
      switch self {
      case .v4(let bits):
        var address = in_addr(s_addr: bits.bigEndian)
        unsafe inet_ntop(AF_INET, &address, text.baseAddress, UInt32(text.count))
      case .v6(let high, let low):
        var address = unsafe unsafeBitCast((high.bigEndian, low.bigEndian), to: in6_addr.self)
        unsafe inet_ntop(AF_INET6, &address, text.baseAddress, UInt32(text.count))
      }
      return unsafe text.baseAddress.map { unsafe String(cString: $0) } ?? ""
    }
  }
}

/// An address family: `AF_INET` and the like.
public struct AddressFamily: OpenEnumeration, CustomStringConvertible {
  public var rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `AF_UNSPEC`: any, or left to the kernel.
  public static var unspecified: Self { Self(rawValue: UInt16(AF_UNSPEC)) }
  /// `AF_INET`
  public static var ipv4: Self { Self(rawValue: UInt16(AF_INET)) }
  /// `AF_INET6`
  public static var ipv6: Self { Self(rawValue: UInt16(AF_INET6)) }

  public var description: String {
    switch self {
    case .unspecified: "any family"
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    default: "address family \(rawValue)"
    }
  }
}
