internal import Synchronization
internal import XFRMKit

/// A capture among others, which a list cannot hold by itself.
final class WireWatch: Sendable {
  private let capture: Mutex<PacketCapture?>

  /// Room for more than a scenario sends at a time; there may be many of them.
  private static let packets = 2_048

  init(_ node: Node, _ interface: String) throws(LabError) {
    capture = Mutex(try PacketCapture(on: node, interface: interface, packets: Self.packets))
  }

  /// What it has seen; nothing more once it was stopped.
  func stop() -> WireCounts {
    guard let running = capture.withLock({ $0.take() }) else { return WireCounts() }
    return running.stop()
  }
}

extension Topology {
  /// The interfaces over which the tunnels go that are for some traffic; of traffic that none is
  /// for, those of all tunnels. And why these are not all, if they are not.
  func outerEnds(
    of source: IPAddress, _ destination: IPAddress
  ) -> (ends: [End], blindSpot: String?) {
    let matching = tunnels.filter { tunnel in
      [(tunnel.left, tunnel.right), (tunnel.right, tunnel.left)].contains { near, far in
        near.protected.contains { $0.contains(source) }
          && far.protected.contains { $0.contains(destination) }
      }
    }
    let outer = (matching.isEmpty ? tunnels : matching).flatMap(\.ends)
    let ends = links.flatMap(\.ends)
    if outer.isEmpty { return ([], "no wire was watched, as there is no tunnel") }
    let unseen = outer.first { end in !ends.contains { $0.has(end) } }
    return (
      ends.filter { end in outer.contains { end.has($0) } },
      unseen.map { "no cable of \($0.machine) has \($0.address), so its wire was not watched" }
    )
  }
}

extension Topology.End {
  /// Whether a tunnel's end is here.
  fileprivate func has(_ end: Topology.TunnelEnd) -> Bool {
    machine == end.machine && addresses.contains { $0.address == end.address }
  }
}

extension Lab {
  /// Ends what runs in its namespaces.
  public func endInhabitants() throws(LabError) {
    try Processes.end(
      in: topology.machines.map { (machine) throws(LabError) in try node(machine.name).namespace })
  }

  /// The counters of all nodes; of none where the kernel does not count.
  var errorCounters: [String: ErrorCounters] {
    var counters: [String: ErrorCounters] = [:]
    for machine in topology.machines {
      // A kernel without them has none to go up.
      guard let node = try? node(machine.name) else { continue }
      counters[machine.name] = try? ErrorCounters(of: node.namespace)
    }
    return counters
  }
}
