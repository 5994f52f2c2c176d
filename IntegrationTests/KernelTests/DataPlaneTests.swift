import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// Packets, not acknowledgements, prove that an SA works.
  @Suite("Data plane", Bed.needsESP)
  struct DataPlaneTests {
    @Test("traffic goes both ways, protected", arguments: Case.carried)
    func carriesTraffic(_ test: Case) throws {
      let sites = try SiteToSite()
      let installed = try sites.install(sites.plan(test.protection))
      let observation = try Observation(of: sites, sites.flow(test.protection))
      withExtendedLifetime(installed) {}

      #expect(observation.delivered == observation.sent)
      #expect(observation.echoes == observation.pings)
      #expect(observation.streamed == observation.toStream)
      #expect(observation.wire[test.protection.isInUDP ? .espInUDP : .esp] > 0)
      #expect(observation.wire[test.protection.isInUDP ? .esp : .espInUDP] == 0)
      #expect(observation.wire[.clear] == 0)
      // What is only authenticated shows that a readable payload would have been noticed.
      let isEncrypted = test.protection.proposal.name != "null-sha256"
      #expect((observation.wire.readable == 0) == isEncrypted)
      #expect(observation.wire.missed == 0)
      // The stream's first segments are too big for an IPv6 tunnel: the gateway counts them and
      // tells the sender, which then sends smaller ones.
      let expected: Set<String> =
        test.protection.mode == .tunnel && test.protection.family == .ipv6
        ? ["XfrmOutStateModeError"] : []
      #expect(Set(observation.raised.keys).isSubset(of: expected), "nothing else may be dropped")
    }

    @Test("without policies the same capture sees clear packets", arguments: SiteToSite.families)
    func control(_ family: AddressFamily) throws {
      let protection = Protection(family: family)
      let sites = try SiteToSite()
      let installed = try sites.install(sites.plan(protection))
      try sites.removePolicies()
      let observation = try Observation(of: sites, sites.flow(protection))
      withExtendedLifetime(installed) {}

      #expect(observation.delivered == observation.sent)
      #expect(observation.wire[.clear] > 0)
      #expect(observation.wire.readable > 0)
      #expect(observation.wire[.esp] == 0)
    }
  }
}

/// One way to protect traffic.
struct Case: Sendable, CustomTestStringConvertible {
  var protection: Protection

  var testDescription: String {
    "\(protection.proposal) \(protection.mode) \(protection.family)"
      + (protection.isInUDP ? " in UDP" : "")
  }

  /// Every proposal.
  static let all = cases(of: ESPProposal.all)

  /// An AEAD, a cipher with a hash, and a hash alone; the matrix has all others.
  static let carried = cases(
    of: ["aes256gcm16", "aes256-sha256", "null-sha256"].compactMap { ESPProposal(named: $0) })

  /// In both modes over both families, and those that everybody uses in UDP too.
  private static func cases(of proposals: [ESPProposal]) -> [Case] {
    proposals.flatMap { proposal in
      [Mode.tunnel, .transport].flatMap { mode in
        [AddressFamily.ipv4, .ipv6].flatMap { family in
          (inUDP.contains(proposal) ? [false, true] : [false]).map { isInUDP in
            Case(
              protection: Protection(proposal, mode: mode, family: family, isInUDP: isInUDP))
          }
        }
      }
    }
  }

  private static let inUDP: Set<ESPProposal> = [.aes256gcm16, .aes256sha256]
}

/// A little of every kind of traffic in both directions, and what happened meanwhile.
struct Observation {
  let sent = 40
  private(set) var delivered = 0
  let pings = 2
  private(set) var echoes = 0
  let toStream = 128 * 1024
  private(set) var streamed = 0
  private(set) var wire = WireCounts()
  /// Error counters of both gateways that went up.
  private(set) var raised: [String: UInt64] = [:]

  init(of sites: SiteToSite, _ flow: Flow, streams: Bool = true) throws {
    let gateways = [sites.a.gateway, sites.b.gateway]
    let before = try gateways.map { try ErrorCounters(of: $0.namespace) }
    let left = try PacketCapture(on: sites.a.gateway, interface: SiteToSite.wan)
    let right = try PacketCapture(on: sites.b.gateway, interface: SiteToSite.wan)
    echoes = try flow.ping(pings, patience: 300)
    delivered = try flow.sendDatagrams(sent / 2, patience: 200).delivered
    delivered += try flow.reversed.sendDatagrams(sent / 2, patience: 200).delivered
    if streams { streamed = try flow.stream(bytes: toStream) }
    wire = left.stop() + right.stop()
    for (gateway, earlier) in zip(gateways, before) {
      let now = try ErrorCounters(of: gateway.namespace)
      raised.merge(now.since(earlier), uniquingKeysWith: +)
    }
  }
}
