import Testing
import XFRMDiagnosis

/// What is made of evidence; the kernel suite injects the same into labs.
@Suite("The diagnosis")
struct DiagnosisTests {
  private static let near = IPAddress.v4(0xc000_0201)
  private static let far = IPAddress.v4(0xc000_0202)
  private static let here = IPPrefix(.v4(0x0a01_0000), length: 24)
  private static let there = IPPrefix(.v4(0x0a02_0000), length: 24)

  private static func association(_ spi: UInt32, from: IPAddress, to: IPAddress)
    -> SecurityAssociation
  {
    var association = SecurityAssociation(
      from: from, to: to, spi: SPI(rawValue: spi), mode: .tunnel)
    association.requestID = 1
    association.replayWindow = 32
    association.replayState = ReplayState()
    association.aead = AEAD(
      name: "rfc4106(gcm(aes))", key: Secret([UInt8](repeating: 7, count: 36).span),
      checkBits: 128)
    return association
  }

  /// A gateway with a tunnel in order, through which packets went.
  private static func healthy() -> HostEvidence {
    var evidence = HostEvidence()
    let out = association(0x1001, from: near, to: far)
    let back = association(0x2002, from: far, to: near)
    var policies = [
      Policy(Selector(from: here, to: there), direction: .outgoing, templates: [Template(out)])
    ]
    for direction in [Policy.Direction.forwarded, .incoming] {
      policies.append(
        Policy(Selector(from: there, to: here), direction: direction, templates: [Template(back)]))
    }
    evidence.before.policies = policies
    evidence.before.associations = [out, back]
    evidence.before.time = 1_000
    evidence.after = evidence.before
    for index in evidence.after.associations.indices {
      evidence.after.associations[index].usage.packets = 10
    }
    var link = Link("wan", index: 2)
    link.isUp = true
    link.mtu = 1500
    evidence.links = [link]
    evidence.addresses = [
      InterfaceAddress(prefix: IPPrefix(near, length: 24), interfaceIndex: 2)
    ]
    for destination in [IPPrefix(near, length: 24), there] {
      var route = Route(to: destination)
      route.interfaceIndex = 2
      evidence.routes.append(route)
    }
    evidence.settings = ["net.ipv4.ip_forward": 1]
    return evidence
  }

  /// Changes the healthy one, and what it says then.
  private func causes(
    _ counters: String = "", _ change: (inout HostEvidence) -> Void = { _ in }
  ) -> [CauseID] {
    var evidence = Self.healthy()
    evidence.after.counters = ErrorCounters(parsing: counters)
    change(&evidence)
    return Diagnosis(evidence).causes.map(\.id)
  }

  private static func mirrored(_ evidence: HostEvidence) -> HostEvidence {
    var peer = evidence
    peer.name = "peer"
    peer.addresses = [InterfaceAddress(prefix: IPPrefix(far, length: 24), interfaceIndex: 2)]
    peer.after.policies = [
      Policy(
        Selector(from: there, to: here), direction: .outgoing,
        templates: [Template(evidence.after.associations[1])]),
      Policy(
        Selector(from: here, to: there), direction: .forwarded,
        templates: [Template(evidence.after.associations[0])]),
    ]
    peer.routes[1].destination = here
    return peer
  }

  @Test("nothing is found where nothing is wrong")
  func healthy() {
    #expect(causes() == [])
    #expect(causes("XfrmOutStateModeError 3\n") == [])
    let evidence = Self.healthy()
    let both = Diagnosis(evidence, peer: Self.mirrored(evidence))
    #expect(both.causes == [])
    #expect(both.packets == 40)
  }

  @Test("every cause has words of its own, and is named once")
  func words() {
    #expect(Set(CauseID.allCases.map(\.title)).count == CauseID.allCases.count)
    for id in CauseID.allCases {
      #expect(!id.title.isEmpty && !id.fix.isEmpty && id.rawValue.utf8.count < 30)
    }
  }

  @Test("surroundings")
  func surroundings() {
    #expect(causes { $0.links[0].isUp = false } == [.interfaceDown])
    #expect(causes { $0.routes.removeLast() } == [.noRoute])
    #expect(causes { $0.routes.removeFirst() } == [.noRouteToPeer])
    #expect(causes { $0.settings["net.ipv4.ip_forward"] = 0 } == [.forwardingOff])
    #expect(causes { $0.settings["net.ipv4.conf.wan.disable_xfrm"] = 1 } == [.disabledIPsec])
    #expect(causes { $0.settings["net.ipv4.conf.all.disable_policy"] = 1 } == [.disabledPolicy])
    #expect(
      causes {
        ($0.before.reversePathDrops, $0.after.reversePathDrops) = (3, 4)
      } == [.reversePath])
    #expect(causes { $0.after.policies[0].interfaceID = 7 }.first == .interfaceID)
    #expect(
      causes {
        $0.interfaceIDs = [7]
        $0.after.policies[0].interfaceID = 7
        $0.after.associations[0].interfaceID = 7
      } == [])
  }

  @Test("source NAT before the tunnel, where the SA gets nothing")
  func masquerade() {
    func with(_ expressions: [String], isUsed: Bool) -> [CauseID] {
      causes { evidence in
        let table = FilterTable(family: .ipv4, name: "nat")
        evidence.rules = [FilterRule(table, chain: "postrouting", expressions: expressions)]
        evidence.after.policies[0].usage.firstUsedAt = 1_001
        if !isUsed { evidence.after.associations[0].usage.packets = 0 }
      }
    }
    #expect(with(["meta", "cmp", "masq"], isUsed: false) == [.masquerade])
    #expect(with(["target MASQUERADE"], isUsed: false) == [.masquerade])
    #expect(with(["meta", "cmp", "masq"], isUsed: true) == [])
    #expect(with(["match policy", "target MASQUERADE"], isUsed: false) == [])
  }

  @Test("packets that are changed under AH, and SAs for the other direction")
  func others() {
    let ah = causes { evidence in
      for index in evidence.after.policies.indices {
        evidence.after.policies[index].templates[0].proto = .ah
      }
      for index in evidence.after.associations.indices {
        evidence.after.associations[index].proto = .ah
      }
      evidence.before.associations = evidence.after.associations
      evidence.after.associations[1].statistics.integrityFailed = 4
    }
    #expect(ah == [.changedAH])
    #expect(causes { $0.after.associations[1].direction = .outgoing } == [.direction])
    #expect(causes { $0.after.associations[0].direction = .incoming } == [.direction])
    #expect(causes { $0.after.associations[1].direction = .incoming } == [])
  }

  @Test("policies")
  func policies() {
    #expect(causes { $0.after.policies.removeFirst() } == [.noOutgoingPolicy])
    #expect(causes { $0.after.policies = [] } == [.noPolicies])
    #expect(causes { $0.after.policies[0].action = .block } == [.blockingPolicy])
    #expect(
      causes("XfrmOutPolBlock 1\n") { $0.after.policies[0].action = .block } == [.blockingPolicy])
    // The kernel lists the oldest last.
    var clear = Policy(Selector(from: Self.here, to: Self.there), direction: .outgoing)
    #expect(causes { $0.after.policies.append(clear) } == [.shadowed])
    #expect(causes { $0.after.policies.insert(clear, at: 0) } == [])
    clear.selector.proto = .tcp
    #expect(causes { $0.after.policies.append(clear) } == [])
    #expect(causes("XfrmInNoPols 2\n") { $0.after.policies.remove(at: 1) } == [.noForwardingPolicy])
    #expect(causes("XfrmInNoPols 2\n") { $0.after.policies.remove(at: 2) } == [.noIncomingPolicy])
    let six = causes("XfrmOutPolError 1\n") {
      $0.after.policies[0].templates = Array(repeating: $0.after.policies[0].templates[0], count: 6)
    }
    #expect(six == [.tooManyTemplates])
  }

  @Test("an SA that would do but for one thing")
  func nearMisses() {
    let changes: [(CauseID, (inout SecurityAssociation) -> Void)] = [
      (.requestID, { $0.requestID = 2 }), (.mode, { $0.mode = .transport }),
      (.templateAddress, { $0.destination = .v4(0xc000_0203) }),
      (.mark, { $0.mark = Mark(1) }), (.interfaceIDMismatch, { $0.interfaceID = 3 }),
      (.selector, { $0.selector = Selector(from: .any(.ipv4), to: IPPrefix(Self.far)) }),
    ]
    for (id, change) in changes {
      #expect(causes { change(&$0.after.associations[0]) } == [id])
    }
    #expect(causes { $0.after.policies[0].templates[0].spi = 5 } == [.templateSPI])
    #expect(causes { $0.after.associations[0].aead = nil } == [.awaited])
  }

  @Test("no SA at all matters once a packet wants one")
  func wanted() {
    #expect(causes { $0.after.associations.removeFirst() } == [])
    #expect(
      causes("XfrmOutNoStates 1\n") { $0.after.associations.removeFirst() } == [.noAssociation])
    #expect(
      causes("XfrmOutNoStates 1\n") {
        $0.expired = [$0.after.associations.removeFirst()]
      } == [.expired])
  }

  @Test("what one end alone cannot explain is told as what it is")
  func symptoms() {
    #expect(causes("XfrmInTmplMismatch 1\n") == [.clearArrives])
    #expect(causes("XfrmInNoStates 1\n") == [.spiNotHere])
    #expect(causes("XfrmInSomethingNew 1\n") == [.counter])
    #expect(
      causes("XfrmInStateProtoError 1\n") {
        $0.after.associations[1].statistics.integrityFailed = 1
      } == [.integrity, .counter])
    // With a cause they are not told.
    #expect(
      causes("XfrmInNoStates 1\n") { $0.settings["net.ipv4.ip_forward"] = 0 } == [.forwardingOff])
  }

  @Test("what packets that come in suffer")
  func incoming() {
    #expect(
      causes("XfrmInTmplMismatch 4\n") { $0.after.associations[1].requestID = 2 } == [.requestID])
    #expect(
      causes {
        $0.after.associations[1].statistics.outsideReplayWindow = 4
      } == [.replayWindow])
    #expect(
      causes {
        $0.after.associations[1].usage.packets = 0
        $0.after.associations[1].statistics.outsideReplayWindow = 4
      } == [.restarted])
    #expect(
      causes { $0.after.associations[0].replayState?.outgoingSequence = .max } == [.exhausted])
  }

  @Test("both ends are compared, and no key is told")
  func bothEnds() {
    let changes: [(CauseID, (inout SecurityAssociation) -> Void)] = [
      (.key, { $0.aead?.key = Secret([UInt8](repeating: 8, count: 36).span) }),
      (.checkValue, { $0.aead?.checkBits = 64 }),
      (.algorithm, { $0.aead?.name = "rfc7539esp(chacha20,poly1305)" }),
      (.extendedNumbers, { $0.flags.insert(.extendedSequenceNumbers) }),
      (.encapsulation, { $0.encapsulation = Encapsulation(.espInUDP) }),
      (.restarted, { $0.replayState?.incomingSequence = 100 }),
      (.unknownSPI, { $0.spi = 0x3003 }),
    ]
    let host = Self.healthy()
    for (id, change) in changes {
      var peer = Self.mirrored(host)
      change(&peer.after.associations[0])
      let diagnosis = Diagnosis(host, peer: peer)
      #expect(diagnosis.causes.map(\.id) == [id])
      #expect(diagnosis.causes.first?.host == "peer")
      #expect(!diagnosis.causes.contains { $0.evidence.joined().contains("0707") })
    }
    var peer = Self.mirrored(host)
    (peer.after.associations[0].spi, peer.after.associations[1].spi) = (0x2002, 0x1001)
    #expect(Diagnosis(host, peer: peer).causes.first?.id == .swappedSPIs)
    peer = Self.mirrored(host)
    peer.links[0].mtu = 1300
    #expect(Diagnosis(host, peer: peer).causes.map(\.id) == [.mtu])
  }
}
