import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

/// A gateway with a connection through an xfrm interface, and a default route by which its packets
/// leave in clear if nothing stops them.
struct RoutedGateway {
  let sites: SiteToSite
  let managed: ManagedGateway
  let families: [AddressFamily]
  private let port: UInt16 = 7168

  init(_ families: [AddressFamily] = SiteToSite.families) throws {
    self.families = families
    sites = try SiteToSite(families)
    managed = try ManagedGateway(sites.a.gateway)
    for (name, digit) in [("in", "a7"), ("out", "b3")] {
      try managed.folder.write(Array(String(repeating: digit, count: 64).utf8), to: name)
    }
    var route = try RouteConnection(in: sites.a.gateway.namespace)
    for family in families {
      let far = try #require(
        route.routes().first {
          $0.destination == sites.b.network(family) && $0.gateway != nil
        })
      try route.delete(far)
      try route.addRoute(to: .any(family), via: sites.b.gatewayAddress(family))
    }
  }

  /// The connection.
  ///
  /// - Parameters:
  ///   - name: Of the file.
  ///   - isStrict: Whether nothing of it is to be seen in clear.
  ///   - hasRoutes: Whether it has routes into its interface.
  func configuration(
    _ name: String = "a.yaml", isStrict: Bool = true, hasRoutes: Bool = true,
    mtu: Int? = nil, addresses: [String] = [], source: String? = nil
  ) throws -> ManagedGateway.Applicable {
    func networks(_ site: SiteToSite.Site) -> String {
      "[" + families.map { "\"\(site.network($0))\"" }.joined(separator: ", ") + "]"
    }
    let list = addresses.map { "\"\($0)\"" }.joined(separator: ", ")
    let options = [
      mtu.map { "mtu: \($0)" }, source.map { "source: \($0)" },
      addresses.isEmpty ? nil : "addresses: [\(list)]",
    ].compactMap { $0 }
    let folder = managed.folder.path
    return try managed.configuration(
      name,
      """
      connections:
        - name: sites
          kind: site-to-site
          local: {address: 192.0.2.1, subnets: \(networks(sites.a))}
          remote: {address: 192.0.2.2, subnets: \(networks(sites.b))}
          interface:
            name: ipsec0
            if-id: 7
            routes: \(hasRoutes)
      \(options.map { "      \($0)" }.joined(separator: "\n"))
          strict: \(isStrict)
          proposal: aes256-sha256
          ext-seq-num: false
          keys:
            in: {spi: 0x1001, key: "file:\(folder)/in"}
            out: {spi: 0x1002, key: "file:\(folder)/out"}
      """)
  }

  /// What is seen on the cable of packets from site to site, forwarded ones and the gateway's own.
  func send() throws -> (clear: Int, esp: Int) {
    var (clear, esp) = (0, 0)
    for family in families {
      var seen = try PacketCounter(
        .udp(family, to: port...port), on: sites.a.gateway, interface: SiteToSite.wan)
      // The tunnel is one of IPv4.
      var hidden = try PacketCounter(.esp(.ipv4), on: sites.a.gateway, interface: SiteToSite.wan)
      _ = try sites.hostFlow(family).sendDatagrams(8, port: port, patience: 50)
      let own = Flow(
        from: sites.a.gateway, sites.a.gatewayNetworkAddress(family), to: sites.b.host,
        sites.b.hostAddress(family))
      do throws(LabError) { _ = try own.sendDatagrams(8, port: port, patience: 50) } catch {
        // A guard says so to whoever sends.
        guard "\(error)".contains("EHOSTUNREACH") else { throw error }
      }
      clear += try seen.total()
      esp += try hidden.total()
    }
    return (clear, esp)
  }

  /// Changes routes and interfaces as somebody does behind the manager's back.
  func change(_ body: (inout RouteConnection) throws -> Void) throws {
    var route = try RouteConnection(in: sites.a.gateway.namespace)
    try body(&route)
  }
}

extension SiteToSite.Site {
  /// The gateway's address on the side of its network.
  func gatewayNetworkAddress(_ family: AddressFamily) -> IPAddress {
    switch network(family).address {
    case .v4(let bits): .v4(bits | 1)
    case .v6(let high, let low): .v6(high, low | 1)
    }
  }
}
