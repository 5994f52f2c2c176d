internal import XFRMKit

extension CheckDefinition {
  static let defaultRoute = CheckDefinition(
    id: "route.default", group: .routing, title: "Default route",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .required, libreswan: .recommended),
    about: "looks for the default route for IPv4 among the host's routes",
    why: "peers are reached by it, and Algo masquerades its clients at the interface it names",
    advice: "`ip route add default via GATEWAY`, and make it last in the network's configuration"
  ) { $0.judgeDefaultRoute() }

  static let poolOverlap = CheckDefinition(
    id: "route.pool-overlap", group: .routing, title: "Algo's address pools",
    importance: Importance(algo: .recommended),
    about: "compares the networks that Algo gives its clients with the host's addresses and routes",
    why: "answers to clients whose addresses the host's network has, too, go astray",
    advice: "set strongswan_network and wireguard_network_ipv4 in Algo's config.cfg to others"
  ) { $0.judgePools() }

  static let ipv6Gateway = CheckDefinition(
    id: "route.ipv6-gateway", group: .routing, title: "Default route for IPv6",
    importance: Importance(algo: .optional),
    about: "looks for the default route for IPv6 among the host's routes",
    why: "without it Algo sets up IPv4 only",
    advice: "have the provider give the host IPv6, or do without"
  ) { $0.judgeIPv6Gateway() }

  static let mtu = CheckDefinition(
    id: "net.mtu", group: .routing, title: "MTU",
    importance: Importance(
      gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "reads the MTU of the interface that the default route names",
    why:
      "ESP makes packets longer by 60 to 90 bytes; those that do not fit any more are lost where "
      + "ICMP is, and connections stall",
    advice: "clamp the TCP segment size of what goes through the tunnel", related: ["nf.tcp-mss"]
  ) { $0.judgeMTU() }
}

extension Topology {
  /// `via 192.0.2.1 on eth0`
  fileprivate func words(_ route: Route) -> String {
    let gateway = route.gateway.map { "via \($0) " } ?? ""
    return "\(gateway)on \(link(route.interfaceIndex)?.name ?? "interface \(route.interfaceIndex)")"
  }
}

extension Findings {
  private var routes: String { "the kernel's routes" }

  fileprivate func judgeDefaultRoute() -> Judgement {
    guard let topology = network.known else { return topologyUnknown }
    guard let route = topology.defaultRoute(.ipv4) else {
      return Judgement(
        status: .fail, summary: "none for IPv4",
        evidence: [Evidence(routes, "no default route in the main table")],
        explanation: Explanation(
          cause: "no route leads to hosts of other networks",
          remedies: [Remedy("have DHCP or the network's configuration give the host a gateway")]))
    }
    let words = topology.words(route)
    let name = topology.link(route.interfaceIndex)?.name ?? words
    return Judgement(
      status: .pass, summary: words.count > 38 ? "on \(name)" : words,
      evidence: [Evidence(routes, "default \(words)")])
  }

  fileprivate func judgeIPv6Gateway() -> Judgement {
    guard let topology = network.known else { return topologyUnknown }
    guard let route = topology.defaultRoute(.ipv6) else {
      return Judgement(
        status: .absent, summary: "none: IPv4 only",
        evidence: [Evidence(routes, "no default route for IPv6 in the main table")],
        explanation: Explanation(cause: "without a gateway for IPv6 Algo sets up IPv4 only"))
    }
    let words = topology.words(route)
    return Judgement(
      status: .pass, summary: words.count > 38 ? "there" : words,
      evidence: [Evidence(routes, "default \(words)")])
  }

  /// What Algo's `config.cfg` has for IPsec and WireGuard.
  private static let pools = [
    "10.48.0.0/16", "10.49.0.0/16", "2001:db8:4160::/48", "2001:db8:a160::/48",
  ].compactMap { IPPrefix($0) }

  fileprivate func judgePools() -> Judgement {
    guard let topology = network.known else { return topologyUnknown }
    // An Algo that is there already has them itself.
    let own = topology.links.filter { $0.kind == "wireguard" }.map(\.index)
    let charonTable: UInt32 = 220
    let addresses = topology.addresses
      .filter { !own.contains(Int32(bitPattern: $0.interfaceIndex)) }.map(\.prefix)
    let destinations = topology.routes.filter { route in
      route.isUnicast && route.destination.length > 0 && route.table != charonTable
        && !own.contains(route.interfaceIndex)
    }.map(\.destination)
    let taken = (addresses + destinations).filter { used in
      Self.pools.contains { $0.overlaps(used) }
    }
    guard let first = taken.first else {
      return Judgement(
        status: .pass, summary: "free",
        evidence: [
          Evidence("addresses and routes", "none in \(Self.pools.map(\.description).asList)")
        ])
    }
    return Judgement(
      status: .fail,
      summary: "overlap with \(first)".count > 38 ? "overlap" : "overlap with \(first)",
      evidence: [Evidence("addresses and routes", Set(taken.map(\.description)).sorted().asList)],
      explanation: Explanation(
        cause: "\(first) is the host's, and in a network that Algo gives its clients",
        remedies: [
          Remedy(
            "set strongswan_network, wireguard_network_ipv4 and their like for IPv6 to other "
              + "networks in Algo's config.cfg")
        ]))
  }

  fileprivate func judgeMTU() -> Judgement {
    guard let topology = network.known else { return topologyUnknown }
    guard let link = topology.outerLink else {
      return Judgement(
        status: .unknown, summary: "no interface to look at",
        explanation: Explanation(cause: "no default route says which interface packets leave by"))
    }
    let evidence = [Evidence("interface \(link.name)", "MTU \(link.mtu)")]
    let usual: UInt32 = 1500
    guard link.mtu < usual else {
      return Judgement(
        status: .pass, summary: "\(link.mtu) on \(link.name)", evidence: evidence)
    }
    let lack = usual - link.mtu
    let remedy =
      profile.use == .algo
      ? Remedy("leave reduce_mtu in Algo's config.cfg unset, or set it to \(lack)")
      : Remedy(
        "clamp the TCP segment size of what is forwarded through tunnels",
        command: "iptables -t mangle -A FORWARD -p tcp --syn -m policy --dir out --pol ipsec "
          + "-j TCPMSS --set-mss \(max(link.mtu, 240) - 140)")
    return Judgement(
      status: .fail, summary: "\(link.mtu) on \(link.name), \(lack) below the usual",
      evidence: evidence,
      explanation: Explanation(
        cause: "what fits peers' networks does not fit this one once ESP has made it longer",
        remedies: [remedy]))
  }
}
