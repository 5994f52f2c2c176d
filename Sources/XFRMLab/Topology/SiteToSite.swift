public import XFRMKit

/// Two sites, each a host behind a gateway, and a cable between the gateways:
///
///     hostA ── gatewayA ══ gatewayB ── hostB
public struct SiteToSite: Sendable {
  /// One end of it, as the other end sees it.
  public struct Site: Sendable {
    public let host: Node
    public let gateway: Node
    let number: UInt8

    /// The gateway's address on the cable.
    public func gatewayAddress(_ family: AddressFamily) -> IPAddress {
      family == .ipv6
        ? .v6(0x2001_0db8_0000_0000, UInt64(number)) : .v4(0xc000_0200 | UInt32(number))
    }

    /// The network behind the gateway: 10.1.0.0/24, fd00:1::/64.
    public func network(_ family: AddressFamily) -> IPPrefix {
      family == .ipv6
        ? IPPrefix(.v6(0xfd00_0000_0000_0000 | UInt64(number) << 32, 0), length: 64)
        : IPPrefix(.v4(0x0a00_0000 | UInt32(number) << 16), length: 24)
    }

    /// An address of that network: 1 is the gateway's, 2 the host's.
    func address(_ number: UInt8, _ family: AddressFamily) -> IPAddress {
      switch network(family).address {
      case .v4(let bits): .v4(bits | UInt32(number))
      case .v6(let high, _): .v6(high, UInt64(number))
      }
    }

    public func hostAddress(_ family: AddressFamily) -> IPAddress { address(2, family) }
  }

  public let a: Site
  public let b: Site

  /// The gateways' interface on the cable between them.
  public static let wan = "wan"

  /// What every cable carries: the longest packet, its IP header included.
  public static let mtu = 1500

  /// Builds it, with routes and without protection, and waits until the hosts reach each other.
  ///
  /// - Parameter families: Those that its addresses are of. Asking for the default loads IPv6 where
  ///   that is a module, and namespaces get IPv6 only if it is there when they are made.
  public init(_ families: [AddressFamily] = SiteToSite.families) throws(LabError) {
    a = Site(host: try Node("host-a"), gateway: try Node("gateway-a"), number: 1)
    b = Site(host: try Node("host-b"), gateway: try Node("gateway-b"), number: 2)

    try Node.connect(a.gateway, Self.wan, b.gateway, Self.wan)
    for (site, other) in [(a, b), (b, a)] {
      try Node.connect(site.host, "eth0", site.gateway, "lan")
      for family in families {
        let onCable: UInt8 = family == .ipv6 ? 64 : 24
        let onSite = site.network(family).length
        try site.gateway.addAddress(
          IPPrefix(site.gatewayAddress(family), length: onCable), to: Self.wan)
        try site.gateway.addAddress(
          IPPrefix(site.address(1, family), length: onSite), to: "lan")
        try site.host.addAddress(IPPrefix(site.hostAddress(family), length: onSite), to: "eth0")
        try site.host.addRoute(to: .any(family), via: site.address(1, family))
        try site.gateway.addRoute(to: other.network(family), via: other.gatewayAddress(family))
        try site.gateway.setSysctl(
          family == .ipv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward", to: "1")
      }
    }
    for family in families { try reachOtherHost(family) }
  }

  /// Makes neighbours known to each other. Over IPv6 they listen for that a little after they have
  /// their addresses, and who asks too early asks again after a second.
  private func reachOtherHost(_ family: AddressFamily) throws(LabError) {
    guard try hostFlow(family).ping(1, patience: 3_000) == 1 else {
      throw .system("reach \(b.host.name) from \(a.host.name) over \(family)", .timedOut)
    }
  }

  /// The families that this kernel has.
  public static var families: [AddressFamily] {
    [.ipv4, .ipv6].filter { family in
      do throws(LabError) {
        _ = try Socket(family, .datagram)
        return true
      } catch {
        return error != .system("open a socket", .addressFamilyNotSupported)
      }
    }
  }

  /// From host A to host B.
  public func hostFlow(_ family: AddressFamily) -> Flow {
    Flow(from: a.host, a.hostAddress(family), to: b.host, b.hostAddress(family))
  }

  /// From gateway A to gateway B.
  public func gatewayFlow(_ family: AddressFamily) -> Flow {
    Flow(from: a.gateway, a.gatewayAddress(family), to: b.gateway, b.gatewayAddress(family))
  }
}
