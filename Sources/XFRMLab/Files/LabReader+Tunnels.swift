internal import StructuredText
internal import XFRMKit

extension LabReader {
  mutating func tunnel(_ node: YAMLNode, _ topology: Topology) -> Topology.Tunnel? {
    let parts = node.list("ends")
    let ends = parts.compactMap { tunnelEnd($0, topology) }
    guard hasTwoEnds(node), ends.count == 2, let name = node.text("name") else { return nil }
    let modes: [String: Mode] = ["transport": .transport, "beet": .beet]
    let tunnel = Topology.Tunnel(
      name, ends[0], ends[1], mode: modes[node.text("mode") ?? ""] ?? .tunnel,
      proposal: node.text("proposal").flatMap { ESPProposal(named: $0) } ?? .aes256gcm16,
      isInUDP: node.flag("udp") ?? false, interfaceID: node.number("if-id"))
    if ends[0].machine == ends[1].machine {
      refuse(node.span("ends"), "a tunnel is between two nodes", help: "name another one")
    }
    if ends[0].address.family != ends[1].address.family {
      refuse(node.span("ends"), "both ends have addresses of one family")
    }
    let families = ends.map { Set($0.protected.map(\.family)) }
    if families[0].isDisjoint(with: families[1]) {
      refuse(node.span("ends"), "no network of one end is of the family of one of the other")
    }
    if tunnel.mode == .beet, !ends.allSatisfy({ $0.protected.count == 1 && $0.protected[0].isHost })
    {
      refuse(node.span("ends"), "BEET is between single addresses", help: "one network each")
    }
    for (part, end) in zip(parts, ends) where tunnel.mode == .transport {
      if end.protected == [IPPrefix(end.address)] { continue }
      refuse(
        part.span("networks"), "transport mode protects only what \(end.address) itself sends",
        help: "leave networks out, or take tunnel mode")
    }
    if let id = tunnel.interfaceID {
      checkInterfaces(id, of: ends, at: node.span("if-id"), topology)
    }
    return tunnel
  }

  /// Without its interface nothing meets the policies of an ID.
  private mutating func checkInterfaces(
    _ id: UInt32, of ends: [Topology.TunnelEnd], at span: SourceSpan, _ topology: Topology
  ) {
    for machine in ends.map(\.machine) {
      let interfaces = topology[machine]?.xfrmInterfaces ?? []
      if interfaces.contains(where: { $0.id == id }) { continue }
      refuse(
        span, "\(machine) has no xfrm interface with the if-id \(id)",
        help: "add one to xfrm-interfaces of \(machine)")
    }
  }

  private mutating func tunnelEnd(
    _ node: YAMLNode, _ topology: Topology
  ) -> Topology.TunnelEnd? {
    guard let machine = existing(node), let address = node.address("address") else { return nil }
    let own = topology.addresses(of: machine)
    if !own.contains(address) {
      refuse(
        node.span("address"), "\(machine) does not have the address \(address)",
        help: "addresses of \(machine): \(own.map(\.description).joined(separator: ", "))")
    }
    for network in node.list("networks") { checkNetwork(network) }
    let seenAs = node.address("seen-as")
    if let seenAs, seenAs.family != address.family {
      refuse(
        node.span("seen-as"), "\(seenAs) is of another family than \(address)",
        help: "a NAT changes an address, and not its family")
    }
    return Topology.TunnelEnd(
      machine, address, seenAs: seenAs, networks: prefixes(node, "networks"))
  }

  /// The kernel compares all bits of a route's or policy's network, or refuses those that do not count.
  mutating func checkNetwork(_ node: YAMLNode) {
    guard let prefix = node.text.flatMap({ IPPrefix($0) }), prefix.hasHostBits else { return }
    refuse(
      node.span, "\(prefix) is an address, where a network is wanted",
      help: "the network that it is in is \(prefix.network)")
  }
}

extension IPPrefix {
  /// Whether it is one address.
  var isHost: Bool { length == address.bitWidth }
}
