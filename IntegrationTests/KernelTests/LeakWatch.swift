import XFRMKit
import XFRMLab

/// Two sites, and a flood of packets from one to the other that must never be seen in clear while
/// something is done to the gateway in between.
struct LeakWatch {
  /// What the flood goes to and no packet may be seen of in clear.
  static let ports: ClosedRange<UInt16> = 7168...7183
  /// Nobody protects what goes there, so each of these must be seen: what the watch is blind for
  /// would be missing here.
  static let beacon: UInt16 = 7200

  let sites: SiteToSite
  /// The one that all packets leave by.
  var gateway: Node { sites.a.gateway }
  var flow: Flow { sites.hostFlow(.ipv4) }

  init() throws { sites = try SiteToSite([.ipv4]) }

  /// What was seen on the cable between the gateways while something was done.
  struct Sighting: CustomStringConvertible {
    /// Packets that the gateway got to forward, beacons among them.
    var offered = 0
    var duration = Duration.zero
    /// Packets to ports of the flood in clear.
    var clear = 0
    var beacons = 0
    var esp = 0
    /// Packets of any kind, by the capture.
    var all = 0
    /// The same by the interface's own count: at least and at most, as nobody can read both at once.
    var sent = 0...0

    var perSecond: Int {
      let milliseconds =
        Int(duration.components.seconds) * 1_000
        + Int(duration.components.attoseconds / 1_000_000_000_000_000)
      return offered * 1_000 / max(1, milliseconds)
    }

    /// Whether a clear packet would have been seen: beacons were, the interface has sent nothing
    /// that was not captured, and all but some neighbour discovery is accounted for.
    var isComplete: Bool {
      beacons > 0 && sent.contains(all) && all - clear - beacons - esp <= 100
        && beacons * (LeakWatch.ports.count + 1) > offered / 2
    }

    /// Whether so many packets came by that a gap would have let some out. Where more than usual is
    /// to be tried they have to come as fast as on an idle machine, too.
    var isEnough: Bool {
      offered >= Bed.leastPackets && (Bed.waves == nil || perSecond > Bed.leastFlood)
    }

    var description: String {
      "\(clear) in clear of \(offered) packets, \(perSecond) a second; \(beacons) beacons, "
        + "\(esp) ESP"
    }
  }

  /// Floods the gateway, does something, and tells what was seen.
  ///
  /// - Parameters:
  ///   - rate: How many packets a second.
  ///   - ports: Where they go to, but for the beacons.
  ///   - body: What is done meanwhile.
  func watch(
    perSecond rate: Int, to ports: ClosedRange<UInt16> = ports, _ body: () async throws -> Void
  ) async throws -> Sighting {
    let earlier = try wan
    var clear = try counter(.udp(.ipv4, to: ports))
    var beacons = try counter(.udp(.ipv4, to: Self.beacon...Self.beacon))
    var esp = try counter(.esp(.ipv4))
    var all = try counter(.all)
    let (lanBefore, wanBefore) = (try lan, try wan)

    let clock = ContinuousClock()
    let start = clock.now
    let first = try flood(ports, perSecond: rate / 2)
    // What one processor can send is not enough.
    let second = try flood(ports, perSecond: rate - rate / 2)
    try await waitForPackets(200)
    try await body()
    _ = first.stop()
    _ = second.stop()
    let duration = clock.now - start

    let wanAfter = try await wanAtRest()
    var sighting = Sighting(
      offered: try lan.received - lanBefore.received, duration: duration,
      clear: try clear.total(), beacons: try beacons.total(), esp: try esp.total(),
      all: try all.total())
    // Neighbours may still speak: what passes while the totals are read may be in them or not.
    sighting.sent = (wanAfter.sent - wanBefore.sent)...(try wan.sent - earlier.sent)
    return sighting
  }

  private func flood(_ ports: ClosedRange<UInt16>, perSecond rate: Int) throws -> Flood {
    try Flood(flow, ports: Array(ports) + [Self.beacon], perSecond: rate)
  }

  /// Waits until the gateway got so many more packets of the flood, but not for ever: a busy machine
  /// takes its time to let a thread go on.
  func waitForPackets(_ count: Int) async throws {
    let enough = try lan.received + count
    for _ in 0..<500 where try lan.received < enough {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// What was sent once the last packets of a flood, which wait in some queue, have passed.
  private func wanAtRest() async throws -> InterfaceCounters {
    var (last, same) = (try wan, 1)
    for _ in 0..<200 where same < 3 {
      try await Task.sleep(for: .milliseconds(20))
      let next = try wan
      same = next.sent == last.sent ? same + 1 : 1
      last = next
    }
    return last
  }

  private var lan: InterfaceCounters {
    get throws { try InterfaceCounters(of: "lan", on: gateway) }
  }

  private var wan: InterfaceCounters {
    get throws { try InterfaceCounters(of: SiteToSite.wan, on: gateway) }
  }

  private func counter(_ kind: PacketCounter.Kind) throws -> PacketCounter {
    try PacketCounter(kind, on: gateway, interface: SiteToSite.wan)
  }

  // MARK: The control

  /// Takes away and adds again all policies of the gateway, as one does who knows no better.
  func replaceCarelessly(_ count: Int) throws {
    var xfrm = try gateway.xfrm()
    let policies = try xfrm.policies()
    for _ in 0..<count {
      for policy in policies { try xfrm.perform(.deletePolicy(policy.key)) }
      for policy in policies { try xfrm.perform(.addPolicy(policy)) }
    }
  }
}
