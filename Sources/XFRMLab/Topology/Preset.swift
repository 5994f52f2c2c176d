internal import StructuredText
internal import XFRMKit

/// Networks that are often wanted.
public enum Preset: String, CaseIterable, Sendable {
  case hostToHost = "host-to-host"
  case siteToSite = "site-to-site"
  case hubAndSpoke = "hub-and-spoke"
  case roadWarrior = "road-warrior"
  case fourInSix = "v4-in-v6"
  case sixInFour = "v6-in-v4"
  case chained
  case routeBased = "route-based"

  /// What it is, in a line.
  public var summary: String {
    switch self {
    case .hostToHost: "two hosts on one cable, in transport mode"
    case .siteToSite: "two hosts behind two gateways, and a tunnel between those"
    case .hubAndSpoke: "a hub through which its spokes reach each other"
    case .roadWarrior: "a host behind a NAT, with ESP in UDP to a gateway"
    case .fourInSix: "site-to-site for IPv4 over IPv6"
    case .sixInFour: "site-to-site for IPv6 over IPv4"
    case .chained: "site-to-site, and transport mode between the hosts inside the tunnel"
    case .routeBased: "site-to-site by routes into xfrm interfaces"
    }
  }

  /// What somebody may have meant, and which there are.
  ///
  /// - Parameter word: What is no preset.
  public static func help(for word: String) -> String {
    Spelling.help(for: word, among: allCases.map(\.rawValue), "presets")
  }

  /// How many spokes a hub may have.
  public static let spokes = 1...250

  /// The network.
  ///
  /// - Parameter spokes: How many spokes a hub has; the others have no use for it.
  public func topology(spokes: Int = 3) -> Topology {
    switch self {
    case .hostToHost: .hostToHost
    case .siteToSite: .siteToSite(rawValue)
    case .hubAndSpoke: .hubAndSpoke(spokes)
    case .roadWarrior: .roadWarrior
    case .fourInSix: .siteToSite(rawValue, outer: .ipv6)
    case .sixInFour: .siteToSite(rawValue, inner: .ipv6)
    case .chained: .chained
    case .routeBased: .routeBased
    }
  }
}

/// Addresses of presets: those of documentation between gateways, private ones behind them.
enum PresetAddress {
  /// Of a gateway: 192.0.2.1, 2001:db8::1.
  static func outer(_ number: Int, _ family: AddressFamily) -> IPAddress {
    family == .ipv6
      ? .v6(0x2001_0db8_0000_0000, UInt64(number)) : .v4(0xc000_0200 | UInt32(number))
  }

  /// Of a host of a site: 10.1.0.2, fd00:1::2.
  static func inner(_ site: Int, _ number: Int, _ family: AddressFamily) -> IPAddress {
    family == .ipv6
      ? .v6(0xfd00_0000_0000_0000 | UInt64(site) << 32, UInt64(number))
      : .v4(0x0a00_0000 | UInt32(site) << 16 | UInt32(number))
  }

  /// The length of a network that is not taken apart.
  static func length(_ family: AddressFamily) -> UInt8 { family == .ipv6 ? 64 : 24 }

  /// The network that an address is in.
  static func network(of site: Int, _ family: AddressFamily) -> IPPrefix {
    IPPrefix(inner(site, 0, family), length: length(family))
  }
}
