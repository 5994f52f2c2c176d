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
  /// for, those of all tunnels.
  func outerEnds(of source: IPAddress, _ destination: IPAddress) -> [End] {
    let matching = tunnels.filter { tunnel in
      [(tunnel.left, tunnel.right), (tunnel.right, tunnel.left)].contains { near, far in
        near.protected.contains { $0.contains(source) }
          && far.protected.contains { $0.contains(destination) }
      }
    }
    let outer = (matching.isEmpty ? tunnels : matching).flatMap(\.ends)
    return links.flatMap(\.ends).filter { end in
      outer.contains { other in
        other.machine == end.machine && end.addresses.contains { $0.address == other.address }
      }
    }
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
