/// An IP protocol number: which IPsec protocol an SA speaks, or which traffic a selector matches.
public struct IPProtocol: OpenEnumeration, CustomStringConvertible {
  public var rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// In a selector: every protocol.
  public static var any: Self { Self(rawValue: 0) }
  /// Internet Control Message Protocol.
  public static var icmp: Self { Self(rawValue: 1) }
  /// Transmission Control Protocol.
  public static var tcp: Self { Self(rawValue: 6) }
  /// User Datagram Protocol.
  public static var udp: Self { Self(rawValue: 17) }
  /// ICMP for IPv6.
  public static var icmpv6: Self { Self(rawValue: 58) }
  /// Encapsulating Security Payload.
  public static var esp: Self { Self(rawValue: 50) }
  /// Authentication Header.
  public static var ah: Self { Self(rawValue: 51) }
  /// IP payload compression.
  public static var ipComp: Self { Self(rawValue: 108) }
  /// When flushing or filtering: ESP, AH and IPComp.
  public static var ipsec: Self { Self(rawValue: 255) }

  public var description: String {
    switch self {
    case .any: "any"
    case .icmp: "ICMP"
    case .tcp: "TCP"
    case .udp: "UDP"
    case .icmpv6: "ICMPv6"
    case .esp: "ESP"
    case .ah: "AH"
    case .ipComp: "IPComp"
    default: "protocol \(rawValue)"
    }
  }
}
