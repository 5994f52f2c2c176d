internal import XFRMKit

extension Topology {
  /// How long the last datagram between two machines may be under way after the one before, or after
  /// it was sent, in milliseconds; 0 where no link takes its time.
  ///
  /// - Parameters:
  ///   - sender: One machine.
  ///   - receiver: The other.
  ///   - payloadBytes: How long datagrams are, headers left out.
  func slowness(from sender: String, to receiver: String, payloadBytes: Int) -> Int32 {
    var milliseconds: UInt64 = 0
    for link in linksBetween(sender, receiver) where !link.impairment.isNone {
      // The first waits until its neighbour has asked back: there, back, and there itself.
      milliseconds += 3 * (link.impairment.delay + link.impairment.jitter) / 1_000
      if let rate = link.impairment.rate, rate > 0 {
        milliseconds += UInt64(max(0, payloadBytes) + Self.mostHeaderBytes) * 8 * 1_000 / rate
      }
      // What the kernel's timers and this process take.
      milliseconds += 100
    }
    return Int32(clamping: milliseconds)
  }

  /// IPv6, UDP, ESP and what goes around them, once and once more in a tunnel within a tunnel.
  private static let mostHeaderBytes = 300

  /// Those that a way from one machine to the other may take: what only leads to a machine with no
  /// other link is left out, over and over.
  private func linksBetween(_ sender: String, _ receiver: String) -> [Link] {
    var rest = links
    while true {
      var counts: [String: Int] = [:]
      for end in rest.flatMap(\.ends) { counts[end.machine, default: 0] += 1 }
      let leaves = Set(counts.filter { $0.value == 1 }.keys).subtracting([sender, receiver])
      if leaves.isEmpty { return rest }
      rest.removeAll { link in link.ends.contains { leaves.contains($0.machine) } }
    }
  }
}
