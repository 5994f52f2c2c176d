import Testing
import XFRMKit

@testable import XFRMConfig

@Suite("SAs of a configuration")
struct AssociationTests {
  private func associations(_ settings: String) throws -> (
    incoming: SecurityAssociation, outgoing: SecurityAssociation
  ) {
    let state = try expand(
      """
      connections:
      - name: a
        kind: site-to-site
        local: {address: 192.0.2.1, subnets: 10.1.0.0/16}
        remote: {address: 192.0.2.2, subnets: 10.2.0.0/16}
      \(settings)
      """
    ).state
    #expect(state.associations.map(\.direction) == [.incoming, .outgoing])
    return (state.associations[0].association, state.associations[1].association)
  }

  @Test("have extended sequence numbers and a window of 64 packets")
  func usual() throws {
    let (incoming, outgoing) = try associations("")
    for association in [incoming, outgoing] {
      #expect(association.flags == [.extendedSequenceNumbers, .anyFamily])
      #expect(association.extendedReplayState == ExtendedReplayState(window: 64))
      #expect(association.lifetime == Lifetime())
      #expect(association.extraFlags == nil)
    }
    #expect(incoming.source == IPAddress("192.0.2.2"))
    #expect(outgoing.source == IPAddress("192.0.2.1"))
  }

  @Test("have a small window where sequence numbers are short", arguments: [1, 32] as [UInt8])
  func small(_ window: UInt8) throws {
    let (incoming, _) = try associations(
      "  ext-seq-num: false\n  anti-replay-window-size: \(window)")
    #expect(incoming.replayWindow == window)
    #expect(incoming.extendedReplayState == nil)
    #expect(!incoming.flags.contains(.extendedSequenceNumbers))
  }

  @Test("have a larger window apart")
  func large() throws {
    let (incoming, _) = try associations("  ext-seq-num: false\n  anti-replay-window-size: 33")
    #expect(incoming.replayWindow == 0)
    #expect(incoming.extendedReplayState == ExtendedReplayState(window: 33))
  }

  @Test("have the ports of an encapsulation as packets have them")
  func encapsulation() throws {
    let (incoming, outgoing) = try associations(
      "  encapsulation-type: {espencap: espinudp, sport: 4501, dport: 4502}")
    #expect(
      outgoing.encapsulation == Encapsulation(.espInUDP, sourcePort: 4501, destinationPort: 4502))
    #expect(
      incoming.encapsulation == Encapsulation(.espInUDP, sourcePort: 4502, destinationPort: 4501))
  }

  @Test("have limits in seconds, bytes and packets")
  func lifetime() throws {
    let (incoming, _) = try associations(
      """
        sa-lifetime-soft: {time: 30min, bytes: 1KiB, packets: 5}
        sa-lifetime-hard: {time: 1d, bytes: 2TiB, packets: 0x10}
      """)
    var lifetime = Lifetime()
    lifetime.soft.secondsFromAdd = 1800
    lifetime.soft.bytes = 1024
    lifetime.soft.packets = 5
    lifetime.hard.secondsFromAdd = 86_400
    lifetime.hard.bytes = 2 << 40
    lifetime.hard.packets = 16
    #expect(incoming.lifetime == lifetime)
  }

  @Test("have marks, and an outer header as is said")
  func rest() throws {
    let (incoming, outgoing) = try associations(
      """
        mark: 0x12/0xff
        output-mark: 7/0xf
        tfc-pad: 1400
        tunnel-options: {df-bit: clear, bypass-dscp: false}
        ext-seq-num: false
        proposal: aes256-sha256
        seq-overflow: true
      """)
    #expect(incoming.mark == Mark(0x12, mask: 0xff))
    // On the incoming one the kernel would mark what it has unwrapped.
    #expect(incoming.outputMark == nil && incoming.outputMarkMask == nil)
    #expect(outgoing.outputMark == 7)
    #expect(outgoing.outputMarkMask == 0xf)
    #expect(incoming.flags.contains(.noPathMTUDiscovery))
    #expect(incoming.extraFlags == [.dontEncapsulateDSCP, .sequenceMayWrap])
    #expect(incoming.trafficFlowPadding == nil)
    #expect(outgoing.trafficFlowPadding == 1400)
  }

  // MARK: Keys

  private struct Bundles: KeyBundles {
    var bundle: KeyBundle?
    func current(of connection: String) -> KeyBundle? { bundle }
  }

  private static let text = """
    connections:
    - {name: a, kind: host-to-host, local: {address: 192.0.2.1}, remote: {address: 192.0.2.2}}
    """

  @Test("have SPIs, request ID and keys of their bundle")
  func bundle() throws {
    let key = KeyReference.bundle(connection: "a", generation: 5)
    let bundle = KeyBundle(
      connection: "a", generation: 5, requestID: 0x5800_0007,
      incoming: .init(spi: 0x5800_1000, key: key), outgoing: .init(spi: 0x1234_5678, key: key))
    let state = try expand(Self.text, Bundles(bundle: bundle)).state
    #expect(state.associations.map(\.name.description) == ["a/in#5", "a/out#5"])
    #expect(state.associations.map(\.association.spi) == [0x5800_1000, 0x1234_5678])
    #expect(state.associations.allSatisfy { $0.key == key })
    let outgoing = try #require(
      state.policies.first { $0.policy.direction == .outgoing && $0.role == .protect })
    #expect(outgoing.pinnedTo?.description == "a/out")
    #expect(outgoing.policy.templates.map(\.spi) == [0x1234_5678])
    #expect(outgoing.policy.templates.map(\.requestID) == [0x5800_0007])
    let incoming = try #require(
      state.policies.first { $0.policy.direction == .incoming && $0.role == .protect })
    #expect(incoming.pinnedTo == nil)
    #expect(incoming.policy.templates.map(\.spi) == [0])
  }

  @Test("that are not there are an error that says how to make them")
  func missing() throws {
    let configuration = try #require(load(["main.yaml": Self.text]).configuration)
    let expansion = configuration.expanded(Bundles(bundle: nil))
    #expect(!expansion.isUsable)
    #expect(expansion.findings.first?.help == "make them: xfrmctl keys new a")
  }

  @Test("request IDs stay the same whatever else is there")
  func requestIDs() throws {
    let other =
      "\n- {name: b, kind: host-to-host, local: {address: 192.0.2.1}, remote: {address: 192.0.2.3}}"
    let alone = try expand(Self.text).state.associations[0].association.requestID
    let before = try expand(Self.text + other).state.associations
    #expect(before[0].association.requestID == alone)
    #expect(before[2].association.requestID != alone)
    #expect(Ranges.requestIDs.contains(alone))
  }
}
