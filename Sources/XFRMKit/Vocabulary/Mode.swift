internal import CNetlink

/// How an SA wraps a packet: `XFRM_MODE_…`.
public struct Mode: OpenEnumeration, CustomStringConvertible {
  public var rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The packet's own header stays in front.
  public static var transport: Self { Self(rawValue: UInt8(XFRM_MODE_TRANSPORT)) }
  /// The whole packet goes into a new one.
  public static var tunnel: Self { Self(rawValue: UInt8(XFRM_MODE_TUNNEL)) }
  /// Mobile IPv6 route optimisation.
  public static var routeOptimization: Self {
    Self(rawValue: UInt8(XFRM_MODE_ROUTEOPTIMIZATION))
  }
  /// Mobile IPv6; in templates only.
  public static var inTrigger: Self { Self(rawValue: UInt8(XFRM_MODE_IN_TRIGGER)) }
  /// Bound end-to-end tunnel: a tunnel whose inner addresses are fixed and not sent.
  public static var beet: Self { Self(rawValue: UInt8(XFRM_MODE_BEET)) }
  /// IP traffic flow security (RFC 9347); since Linux 6.14.
  public static var iptfs: Self { Self(rawValue: UInt8(CNL_XFRM_MODE_IPTFS)) }

  /// Whether the SA's own addresses, not the packet's, are on the outside.
  public var hasOuterAddresses: Bool { self == .tunnel || self == .beet || self == .iptfs }

  public var description: String {
    switch self {
    case .transport: "transport"
    case .tunnel: "tunnel"
    case .routeOptimization: "route optimization"
    case .inTrigger: "in-trigger"
    case .beet: "BEET"
    case .iptfs: "IP-TFS"
    default: "mode \(rawValue)"
    }
  }
}
