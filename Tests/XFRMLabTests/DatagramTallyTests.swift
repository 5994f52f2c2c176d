import Testing
import XFRMKit

@testable import XFRMLab

/// What counts as arrived, without a network.
@Suite("Numbered datagrams")
struct DatagramTallyTests {
  private static func datagram(
    _ number: UInt32, of series: UInt32, bytes: Int = 64
  ) -> ArraySlice<UInt8> {
    DatagramPayload(bytes: bytes, number: number, series: series).bytes[...]
  }

  @Test("of another series come late and count for nothing, whatever their length")
  func latecomers() throws {
    let socket = try Self.socket()
    var tally = DatagramTally(payloadBytes: 64, series: 7)
    for _ in 0..<3 { tally.send(through: socket) }
    for number: UInt32 in 0..<3 { tally.count(Self.datagram(number, of: 8)) }
    tally.count(Self.datagram(0, of: 8, bytes: 200))
    #expect(tally.result.delivered == 0 && tally.result.wrong == 0)
    tally.count(Self.datagram(1, of: 7))
    #expect(tally.result.delivered == 1 && tally.result.wrong == 0)
  }

  @Test("are wrong if they come twice, were never sent, or are damaged anywhere")
  func wrong() throws {
    let socket = try Self.socket()
    var tally = DatagramTally(payloadBytes: 64, series: 7)
    tally.send(through: socket)
    let whole = Self.datagram(0, of: 7)
    tally.count(whole)
    tally.count(whole)
    tally.count(Self.datagram(1, of: 7))
    tally.count(Self.datagram(0, of: 7, bytes: 65))
    tally.count(whole.prefix(63))
    tally.count([])
    #expect(tally.result.delivered == 1 && tally.result.wrong == 5)
    var damaged = whole
    damaged[40] ^= 1
    tally.count(damaged)
    // Not even that it is another's is believed of one that is not whole.
    damaged[5] ^= 1
    tally.count(damaged)
    #expect(tally.result.delivered == 1 && tally.result.wrong == 7)
  }

  @Test("are waited for as long as links take")
  func slowness() {
    var topology = Topology.hubAndSpoke(3)
    func slowness() -> Int32 {
      topology.slowness(from: "spoke-1", to: "spoke-2", payloadBytes: 100)
    }
    #expect(slowness() == 0)
    topology.links[0].impairment.delay = 200_000
    topology.links[0].impairment.jitter = 50_000
    #expect(slowness() == 850)
    // 400 bytes at 8 kbit/s.
    topology.links[1].impairment.rate = 8_000
    #expect(slowness() == 850 + 500)
    // The way does not lead there.
    topology.links[2].impairment.delay = 60_000_000
    #expect(slowness() == 850 + 500)
    #expect(topology.slowness(from: "spoke-3", to: "hub", payloadBytes: 100) == 180_100)
  }

  /// One that is connected to nobody, so that nothing leaves.
  private static func socket() throws -> Socket { try Socket(.ipv4, .datagram) }
}
