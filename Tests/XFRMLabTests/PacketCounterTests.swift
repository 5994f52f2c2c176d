import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMLab

/// What the kernel counts of packets that go out.
@Suite(
  "Packets are counted", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct PacketCounterTests {
  private let sites: SiteToSite

  init() throws { sites = try SiteToSite() }

  private func counter(_ kind: PacketCounter.Kind) throws -> PacketCounter {
    try PacketCounter(kind, on: sites.a.gateway, interface: SiteToSite.wan)
  }

  @Test("as parts, if they do not fit the cable", arguments: SiteToSite.families)
  func fragments(_ family: AddressFamily) throws {
    var parts = try counter(.fragments(family))
    let flow = sites.gatewayFlow(family)
    #expect(try flow.sendDatagrams(3, payloadBytes: 1_000).delivered == 3)
    #expect(try parts.total() == 0)
    #expect(try flow.sendDatagrams(3, payloadBytes: 2_000).delivered == 3)
    #expect(try parts.total() == 6)
  }

  @Test("as ESP in UDP, if they begin with an SPI", arguments: SiteToSite.families)
  func espInUDP(_ family: AddressFamily) throws {
    var esp = try counter(.espInUDP(family, to: 4500))
    var udp = try counter(.udp(family, to: 4500...4500))
    let flow = sites.gatewayFlow(family)
    // It begins with its number, which is 0, as IKE does.
    #expect(try flow.sendDatagrams(1, port: 4500).delivered == 1)
    #expect(try udp.total() == 1)
    #expect(try esp.total() == 0)
    // These begin with a text.
    let load = try DatagramLoad(flow, ports: 4500...4500, payloadBytes: 100, perSecond: 100)
    #expect(eventually(within: .seconds(60)) { load.counts.sent > 0 })
    let sent = load.stop().sent
    #expect(try esp.total() == sent)
    #expect(try udp.total() == 1 + sent)
    let other = try DatagramLoad(flow, ports: 4501...4501, payloadBytes: 100, perSecond: 100)
    #expect(eventually(within: .seconds(60)) { other.counts.sent > 0 })
    _ = other.stop()
    #expect(try esp.total() == sent)
  }

  @Test("without those that keep IPv6 going", .enabled(if: SiteToSite.families.contains(.ipv6)))
  func upkeep() throws {
    var all = try counter(.all)
    var clear = try counter(.withoutESP(.ipv6))
    #expect(try sites.gatewayFlow(.ipv6).ping(2, patience: 3_000) == 2)
    #expect(try all.total() >= 2)
    #expect(try clear.total() == 0)
    #expect(try sites.gatewayFlow(.ipv6).sendDatagrams(3).delivered == 3)
    #expect(try clear.total() == 3)
  }
}
