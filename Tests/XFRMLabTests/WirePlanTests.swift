import Testing
import XFRMKit

@testable import XFRMLab

/// Which wires are watched, and what is seen there.
@Suite("Wires that are watched")
struct WirePlanTests {
  private static func address(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(0) }

  private static func plan(
    _ topology: Topology, _ source: String, _ destination: String
  ) -> WirePlan {
    WirePlan(topology, address(source), address(destination))
  }

  /// ESP between two addresses.
  private static func counts(_ packets: [(String, String, Int)]) -> WireCounts {
    var counts = WireCounts()
    for (source, destination, count) in packets {
      let bytes: [UInt8] =
        [0x45] + [UInt8](repeating: 0, count: 8) + [50, 0, 0]
        + [source, destination].flatMap { $0.split(separator: ".").compactMap { UInt8($0) } }
      let packet = CapturedPacket(
        frame: bytes, linkBytes: 0, length: bytes.count, etherType: 0x0800)
      for _ in 0..<count { counts.add(packet) }
    }
    return counts
  }

  @Test("are those of the tunnels for the traffic; what is on no cable is told")
  func ends() {
    var topology = Topology.siteToSite()
    func found() -> (names: [String], blindSpot: String?) {
      let plan = Self.plan(topology, "10.1.0.2", "10.2.0.2")
      return (plan.ends.map { "\($0.machine) \($0.interface)" }, plan.blindSpot)
    }
    #expect(found() == (["gateway-a wan", "gateway-b wan"], nil))
    topology.tunnels[0].left.address = .v4(0x0a63_0001)
    #expect(
      found() == (
        ["gateway-b wan"], "no cable of gateway-a has 10.99.0.1, so its wire was not watched"
      ))
    topology.tunnels = []
    #expect(found() == ([], "no wire was watched, as there is no tunnel"))
  }

  @Test("tell of ESP by tunnel: what only passes by, or has others' addresses, is not its own")
  func protected() {
    let chained = Self.plan(.chained, "10.1.0.2", "10.2.0.2")
    #expect(
      chained.ends.map { "\($0.machine) \($0.interface)" } == [
        "host-a eth0", "gateway-a wan", "gateway-b wan", "host-b eth0",
      ])
    let inner = ("10.1.0.2", "10.2.0.2", 10)
    let outer = ("192.0.2.1", "192.0.2.2", 10)
    func seen(_ wan: [(String, String, Int)]) -> [String: Int] {
      chained.protected([Self.counts([inner]), Self.counts(wan), WireCounts(), WireCounts()])
    }
    #expect(seen([outer]) == ["a-b": 10, "hosts": 10])
    // Neither gateway protects: what hosts have protected goes on as it is.
    #expect(seen([inner]) == ["a-b": 0, "hosts": 10])
  }

  @Test("tell of ESP to another spoke through one interface of the hub")
  func sharedInterface() {
    var topology = Topology.hubAndSpoke(2)
    for index in 0..<2 { topology.tunnels[index].right.address = Self.address("100.64.1.1") }
    for index in 0..<2 { topology.tunnels[index].right.seenAs = Self.address("100.64.1.1") }
    let plan = Self.plan(topology, "10.0.1.1", "10.0.2.1")
    #expect(plan.ends.map(\.interface) == ["to-1", "wan", "wan"])
    let seen = plan.protected([
      Self.counts([("100.64.1.1", "100.64.2.2", 7)]),
      Self.counts([("100.64.1.2", "100.64.1.1", 5)]), WireCounts(),
    ])
    #expect(seen == ["spoke-1": 5, "spoke-2": 7])
  }

  @Test("tell of ESP to an address that a NAT has taken meanwhile")
  func translation() {
    let plan = Self.plan(.roadWarrior, "10.1.0.2", "10.9.0.1")
    #expect(plan.ends.map(\.machine) == ["warrior", "gateway"])
    for address in ["192.0.2.2", "192.0.2.3"] {
      let seen = plan.protected([WireCounts(), Self.counts([("192.0.2.1", address, 3)])])
      #expect(seen == ["warrior": 3])
    }
  }

  @Test("of tunnels that are alternatives one is enough, and of all others each is wanted")
  func ways() {
    let hub = Self.plan(.hubAndSpoke(3), "10.0.1.1", "10.0.3.1")
    #expect(hub.ways == [["spoke-1"], ["spoke-3"]])
    #expect(Self.plan(.chained, "10.1.0.2", "10.2.0.2").ways == [["a-b"], ["hosts"]])
    // A spoke's own way to another: it does without the hub.
    var short = Topology.hubAndSpoke(2)
    let (first, second) = (short.tunnels[0].left, short.tunnels[1].left)
    short.tunnels.append(Topology.Tunnel("short", first, second))
    #expect(
      Self.plan(short, "10.0.1.1", "10.0.2.1").ways == [["spoke-1", "spoke-2", "short"]])
    // Routes choose between interfaces, wherever those are.
    var routed = Topology.routeBased
    routed.tunnels.append(routed.tunnels[0])
    routed.tunnels[1].name = "other"
    routed.tunnels[1].left.machine = "host-a"
    routed.tunnels[1].right.machine = "host-b"
    #expect(Self.plan(routed, "10.1.0.2", "10.2.0.2").ways == [["a-b", "other"]])
  }
}
