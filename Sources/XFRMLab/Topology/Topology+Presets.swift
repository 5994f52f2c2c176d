public import XFRMKit

extension Topology {
  /// Two hosts on one cable, in transport mode.
  public static var hostToHost: Topology {
    let (a, b) = (PresetAddress.outer(1, .ipv4), PresetAddress.outer(2, .ipv4))
    return Topology(
      "host-to-host", machines: [Machine("host-a"), Machine("host-b")],
      links: [
        Link(
          End("host-a", "eth0", [IPPrefix(a, length: 24)]),
          End("host-b", "eth0", [IPPrefix(b, length: 24)]))
      ],
      tunnels: [Tunnel("a-b", TunnelEnd("host-a", a), TunnelEnd("host-b", b), mode: .transport)])
  }

  /// Two hosts behind two gateways, and a tunnel between those.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - inner: The family of what the hosts send.
  ///   - outer: The family of the gateways' addresses.
  public static func siteToSite(
    _ name: String = "site-to-site", inner: AddressFamily = .ipv4, outer: AddressFamily = .ipv4
  ) -> Topology {
    var topology = Topology(name)
    let sites = ["a", "b"]
    var wan: [End] = []
    for (index, site) in sites.enumerated() {
      let (own, other) = (index + 1, 2 - index)
      let length = PresetAddress.length(inner)
      func prefix(_ number: Int) -> IPPrefix {
        IPPrefix(PresetAddress.inner(own, number, inner), length: length)
      }
      topology.machines.append(
        Machine(
          "host-\(site)", routes: [Route(to: .any(inner), via: prefix(1).address)]))
      let isSame = inner == outer
      topology.machines.append(
        Machine(
          "gateway-\(site)", forwards: true,
          routes: [
            Route(
              to: PresetAddress.network(of: other, inner),
              via: isSame ? PresetAddress.outer(other, outer) : nil,
              interface: isSame ? nil : "wan")
          ]))
      topology.links.append(
        Link(End("host-\(site)", "eth0", [prefix(2)]), End("gateway-\(site)", "lan", [prefix(1)])))
      wan.append(
        End(
          "gateway-\(site)", "wan",
          [IPPrefix(PresetAddress.outer(own, outer), length: PresetAddress.length(outer))]))
    }
    // In the order in which packets meet them.
    topology.machines.swapAt(2, 3)
    topology.links.insert(Link(wan[0], wan[1]), at: 1)
    let ends = sites.indices.map { index in
      TunnelEnd(
        "gateway-\(sites[index])", PresetAddress.outer(index + 1, outer),
        networks: [PresetAddress.network(of: index + 1, inner)])
    }
    topology.tunnels = [Tunnel("a-b", ends[0], ends[1])]
    return topology
  }

  /// A hub through which its spokes reach each other.
  ///
  /// - Parameter count: How many spokes there are: 1 to 250.
  public static func hubAndSpoke(_ count: Int) -> Topology {
    func inner(_ number: Int, _ length: UInt8) -> IPPrefix {
      IPPrefix(.v4(0x0a00_0001 | UInt32(number) << 8), length: length)
    }
    func outer(_ number: Int, _ end: UInt32) -> IPAddress {
      .v4(0x6440_0000 | UInt32(number) << 8 | end)
    }
    let all = IPPrefix(.v4(0x0a00_0000), length: 16)
    var hub = Machine("hub", forwards: true, addresses: [inner(0, 24)])
    var topology = Topology("hub-and-spoke")
    for number in 1...count {
      let name = "spoke-\(number)"
      let network = IPPrefix(.v4(0x0a00_0000 | UInt32(number) << 8), length: 24)
      hub.routes.append(Route(to: network, via: outer(number, 2)))
      topology.machines.append(
        Machine(
          name, addresses: [inner(number, 24)], routes: [Route(to: all, via: outer(number, 1))]))
      topology.links.append(
        Link(
          End("hub", "to-\(number)", [IPPrefix(outer(number, 1), length: 24)]),
          End(name, "wan", [IPPrefix(outer(number, 2), length: 24)])))
      topology.tunnels.append(
        Tunnel(
          name, TunnelEnd(name, outer(number, 2), networks: [network]),
          TunnelEnd("hub", outer(number, 1), networks: [all])))
    }
    topology.machines.insert(hub, at: 0)
    return topology
  }

  /// A host behind a NAT, with ESP in UDP to a gateway and a host behind that.
  public static var roadWarrior: Topology {
    let (gateway, outside) = (PresetAddress.outer(1, .ipv4), PresetAddress.outer(2, .ipv4))
    let (home, own) = (PresetAddress.inner(1, 0, .ipv4), PresetAddress.inner(9, 1, .ipv4))
    let (inside, router) = (IPAddress.v4(0xc0a8_0102), IPAddress.v4(0xc0a8_0101))
    let network = IPPrefix(home, length: 24)
    var nat = Machine("nat", forwards: true)
    nat.masqueraded = ["wan"]
    func prefix(_ address: IPAddress) -> IPPrefix { IPPrefix(address, length: 24) }
    return Topology(
      "road-warrior",
      machines: [
        Machine(
          "warrior", addresses: [IPPrefix(own)],
          routes: [Route(to: .any(.ipv4), via: router)]),
        nat,
        Machine(
          "gateway", forwards: true, routes: [Route(to: IPPrefix(own), via: outside)]),
        Machine(
          "server", routes: [Route(to: .any(.ipv4), via: PresetAddress.inner(1, 1, .ipv4))]),
      ],
      links: [
        Link(End("warrior", "eth0", [prefix(inside)]), End("nat", "lan", [prefix(router)])),
        Link(End("nat", "wan", [prefix(outside)]), End("gateway", "wan", [prefix(gateway)])),
        Link(
          End("gateway", "lan", [prefix(PresetAddress.inner(1, 1, .ipv4))]),
          End("server", "eth0", [prefix(PresetAddress.inner(1, 2, .ipv4))])),
      ],
      tunnels: [
        Tunnel(
          "warrior", TunnelEnd("warrior", inside, seenAs: outside, networks: [IPPrefix(own)]),
          TunnelEnd("gateway", gateway, networks: [network]), isInUDP: true)
      ])
  }

  /// Site-to-site, and transport mode between the hosts inside the tunnel.
  public static var chained: Topology {
    var topology = siteToSite("chained")
    let ends = [1, 2].map { PresetAddress.inner($0, 2, .ipv4) }
    topology.tunnels.append(
      Tunnel(
        "hosts", TunnelEnd("host-a", ends[0]), TunnelEnd("host-b", ends[1]), mode: .transport))
    return topology
  }

  /// Site-to-site by routes into xfrm interfaces: policies are for everything that goes there.
  public static var routeBased: Topology {
    let id: UInt32 = 42
    var topology = siteToSite("route-based")
    for index in topology.machines.indices where topology.machines[index].forwards {
      topology.machines[index].xfrmInterfaces = [XFRMInterface("ipsec0", id: id)]
      let routes = topology.machines[index].routes
      topology.machines[index].routes = routes.map {
        Route(to: $0.destination, interface: "ipsec0")
      }
    }
    topology.tunnels[0].interfaceID = id
    topology.tunnels[0].left.networks = [.any(.ipv4)]
    topology.tunnels[0].right.networks = [.any(.ipv4)]
    return topology
  }
}
