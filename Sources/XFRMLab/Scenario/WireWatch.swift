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
