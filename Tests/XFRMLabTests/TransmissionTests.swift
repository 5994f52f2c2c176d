import Testing
import XFRMKit

@testable import XFRMLab

/// What is expected of traffic, without a kernel.
@Suite("Expectations of traffic")
struct TransmissionTests {
  /// Ten datagrams, of which so many arrived and were seen.
  private static func transmission(
    sent: Int = 10, delivered: Int, esp: Int = 0, clear: Int = 0, readable: Int = 0
  ) -> Transmission {
    var transmission = Transmission(from: "a", to: "b")
    transmission.datagrams.sent = sent
    transmission.datagrams.delivered = delivered
    transmission.wire = WireCounts([.esp: esp, .clear: clear], readable: readable)
    return transmission
  }

  private static let encrypted = transmission(delivered: 10, esp: 10)
  private static let open = transmission(delivered: 10, clear: 10, readable: 10)
  private static let lost = transmission(delivered: 0)

  private typealias Expectation = @Sendable (Transmission) throws(LabError) -> Transmission
  private static let all: [(String, Expectation)] = [
    ("delivered", { (sent) throws(LabError) in try sent.expectDelivered() }),
    ("dropped", { (sent) throws(LabError) in try sent.expectDropped() }),
    ("encrypted", { (sent) throws(LabError) in try sent.expectEncrypted() }),
    ("in clear", { (sent) throws(LabError) in try sent.expectInClear() }),
    ("raised", { (sent) throws(LabError) in try sent.expectRaised("XfrmInNoPols", on: "b") }),
  ]

  /// Which expectations a transmission meets.
  private static func met(_ transmission: Transmission) -> [String] {
    all.compactMap { name, expectation in
      (try? expectation(transmission)).map { _ in name }
    }
  }

  @Test("are met by what they are about, and by nothing else")
  func outcomes() {
    #expect(Self.met(Self.encrypted) == ["delivered", "encrypted"])
    #expect(Self.met(Self.open) == ["delivered", "in clear"])
    #expect(Self.met(Self.lost) == ["dropped"])
    var counted = Self.lost
    counted.raised = ["b": ["XfrmInNoPols": 10]]
    #expect(Self.met(counted) == ["dropped", "raised"])
  }

  @Test("are met by nothing if nothing was sent")
  func nothing() throws {
    var none = Self.transmission(sent: 0, delivered: 0)
    #expect(Self.met(none) == [])
    none.datagrams.sent = 10
    none.datagrams.refusals = [.notPermitted: 10]
    none.raised = ["b": ["XfrmInNoPols": 10]]
    #expect(Self.met(none) == [])
    let error = try #require(throws: LabError.self) { try none.expectDropped() }
    #expect(
      "\(error)".hasPrefix(
        "expected everything to be dropped, but nothing was sent: a → b: 0 of 10 delivered, "
          + "10 refused by the kernel of a: Operation not permitted (EPERM); on the wire"))
    // One that went is enough to tell what became of it.
    none.datagrams.refusals = [.notPermitted: 9]
    #expect(Self.met(none) == ["dropped", "raised"])
  }

  @Test("to be encrypted are met by no wire on which nothing was, or less than arrived")
  func wires() {
    #expect(Self.met(Self.transmission(delivered: 10)) == ["delivered"])
    #expect(Self.met(Self.transmission(delivered: 10, esp: 9)) == ["delivered"])
    #expect(Self.met(Self.transmission(delivered: 8, esp: 8)) == ["encrypted"])
    #expect(Self.met(Self.transmission(delivered: 10, esp: 10, clear: 1)) == ["delivered"])
    for whole in [Self.encrypted, Self.open] {
      var partly = whole
      partly.wire.missed = 1
      #expect(Self.met(partly) == ["delivered"])
    }
  }

  @Test("about the wire are met by none that was not watched")
  func blindSpot() throws {
    for whole in [Self.encrypted, Self.open] {
      var blind = whole
      blind.blindSpot = "it was dark"
      #expect(Self.met(blind) == ["delivered"])
      let error = try #require(throws: LabError.self) { try blind.expectEncrypted() }
      #expect("\(error)".contains("on the wire, but it was dark: a → b"))
    }
  }

  @Test("know which wires there are to watch")
  func outerEnds() {
    var topology = Topology.siteToSite()
    func ends() -> (names: [String], blindSpot: String?) {
      let found = topology.outerEnds(of: .v4(0x0a01_0002), .v4(0x0a02_0002))
      return (found.ends.map { "\($0.machine) \($0.interface)" }, found.blindSpot)
    }
    #expect(ends() == (["gateway-a wan", "gateway-b wan"], nil))
    topology.tunnels[0].left.address = .v4(0x0a63_0001)
    #expect(
      ends() == (
        ["gateway-b wan"], "no cable of gateway-a has 10.99.0.1, so its wire was not watched"
      ))
    topology.tunnels = []
    #expect(ends() == ([], "no wire was watched, as there is no tunnel"))
  }
}
