internal import XFRMKit

/// Which wires are watched for some traffic, and in which tunnels it is to be seen there.
struct WirePlan {
  /// The interfaces over which tunnels go.
  var ends: [Topology.End]
  /// Why these are not all, if they are not.
  var blindSpot: String?
  /// The tunnels that are for the traffic.
  var tunnels: [Topology.Tunnel]
  private let topology: Topology

  /// Of traffic that no tunnel is for, the wires of all tunnels are watched.
  init(_ topology: Topology, _ source: IPAddress, _ destination: IPAddress) {
    self.topology = topology
    tunnels = topology.tunnels.filter { tunnel in
      [(tunnel.left, tunnel.right), (tunnel.right, tunnel.left)].contains { near, far in
        near.protected.contains { $0.contains(source) }
          && far.protected.contains { $0.contains(destination) }
      }
    }
    let outer = (tunnels.isEmpty ? topology.tunnels : tunnels).flatMap(\.ends)
    let all = topology.links.flatMap(\.ends)
    ends = all.filter { end in outer.contains { end.has($0) } }
    if let unseen = outer.first(where: { end in !all.contains { $0.has(end) } }) {
      blindSpot = "no cable of \(unseen.machine) has \(unseen.address), so its wire was not watched"
    }
    if outer.isEmpty { blindSpot = "no wire was watched, as there is no tunnel" }
  }

  /// The tunnels' names, those together of which any may have carried the traffic; it went through
  /// one of each.
  var ways: [[String]] {
    let isOneOfSeveral = tunnels.indices.map { index in
      // Routes choose between xfrm interfaces, and policies between ways to the same place.
      tunnels[index].interfaceID != nil || isThereAnotherWay(than: index)
    }
    let several = tunnels.indices.filter { isOneOfSeveral[$0] }.map { tunnels[$0].name }
    let single = tunnels.indices.filter { !isOneOfSeveral[$0] }.map { [tunnels[$0].name] }
    return single + (several.isEmpty ? [] : [several])
  }

  /// Whether the other tunnels lead from one end of a tunnel to the other, too.
  private func isThereAnotherWay(than index: Int) -> Bool {
    var reached: Set = [tunnels[index].left.machine]
    var rest = tunnels.indices.filter { $0 != index }
    while let next = rest.first(where: { candidate in
      tunnels[candidate].ends.contains { reached.contains($0.machine) }
    }) {
      reached.formUnion(tunnels[next].ends.map(\.machine))
      rest.removeAll { $0 == next }
    }
    return reached.contains(tunnels[index].right.machine)
  }

  /// How much ESP the ends of each tunnel sent to each other.
  ///
  /// - Parameter counts: What was seen at each of ``ends``.
  func protected(_ counts: [WireCounts]) -> [String: Int] {
    var sums: [String: Int] = [:]
    for tunnel in tunnels {
      sums[tunnel.name, default: 0] += 0
      for (near, far) in [(tunnel.left, tunnel.right), (tunnel.right, tunnel.left)] {
        for (end, counts) in zip(ends, counts) where end.has(near) {
          for (packet, count) in counts.protected where leads(packet, from: near, to: far) {
            sums[tunnel.name, default: 0] += count
          }
        }
      }
    }
    return sums
  }

  /// Whether the addresses of ESP are those of a tunnel's ends. A daemon may take others of the same
  /// machines, and a NAT one that nobody knew of; what another tunnel carries has those of other
  /// machines.
  private func leads(
    _ packet: PacketEnds, from near: Topology.TunnelEnd, to far: Topology.TunnelEnd
  ) -> Bool {
    guard packet.source == near.address || owner(of: packet.source) == near.machine else {
      return false
    }
    if packet.destination == far.seenAs { return true }
    guard let owner = owner(of: packet.destination) else {
      return far.seenAs != far.address
        && !topology.tunnels.flatMap(\.ends).contains { $0.seenAs == packet.destination }
    }
    return owner == far.machine
  }

  private func owner(of address: IPAddress) -> String? {
    topology.machines.first { topology.addresses(of: $0.name).contains(address) }?.name
  }
}

extension Topology.End {
  /// Whether a tunnel's end is here.
  fileprivate func has(_ end: Topology.TunnelEnd) -> Bool {
    machine == end.machine && addresses.contains { $0.address == end.address }
  }
}
