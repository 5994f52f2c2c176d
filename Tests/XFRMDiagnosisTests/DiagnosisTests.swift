import Testing
import XFRMDiagnosis

/// What is made of evidence; the kernel suite injects the same into labs.
@Suite("The diagnosis")
struct DiagnosisTests {
  @Test("nothing is found where nothing is wrong")
  func healthy() {
    #expect(Gateway.causes() == [])
    #expect(Gateway.causes("XfrmOutStateModeError 3\n") == [])
    let evidence = Gateway.healthy()
    let both = Diagnosis(evidence, peer: Gateway.mirrored(evidence))
    #expect(both.causes == [])
    #expect(both.packets == 20)
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
    #expect(Gateway.causes { $0.links[0].isUp = false } == [.interfaceDown])
    #expect(Gateway.causes { $0.routes.removeLast() } == [.noRoute])
    #expect(Gateway.causes { $0.routes.removeFirst() } == [.noRouteToPeer])
    #expect(Gateway.causes { $0.settings["net.ipv4.ip_forward"] = 0 } == [.forwardingOff])
    #expect(
      Gateway.causes { $0.settings["net.ipv4.conf.wan.disable_xfrm"] = 1 } == [.disabledIPsec])
    #expect(
      Gateway.causes { $0.settings["net.ipv4.conf.all.disable_policy"] = 1 } == [.disabledPolicy])
    #expect(
      Gateway.causes {
        ($0.before.reversePathDrops, $0.after.reversePathDrops) = (3, 4)
      } == [.reversePath])
    #expect(Gateway.causes { $0.after.policies[0].interfaceID = 7 }.first == .interfaceID)
    #expect(
      Gateway.causes {
        $0.interfaceIDs = [7]
        $0.after.policies[0].interfaceID = 7
        $0.after.associations[0].interfaceID = 7
      } == [])
  }

  @Test("what exempts packets is named by the interfaces that have it")
  func exemptions() {
    func evidence(_ change: (inout HostEvidence) -> Void) -> [String] {
      var evidence = Gateway.healthy()
      change(&evidence)
      return Diagnosis(evidence).causes.first { $0.id == .disabledIPsec }?.evidence ?? []
    }
    let (all, wan) = ("net.ipv4.conf.all.disable_xfrm", "net.ipv4.conf.wan.disable_xfrm")
    #expect(evidence { $0.settings[wan] = 1 } == ["\(wan) is not 0"])
    #expect(
      evidence { ($0.settings[all], $0.settings[wan]) = (1, 1) } == ["\(all), \(wan) is not 0"])
    // Without a route there is no interface.
    #expect(
      evidence {
        $0.routes = []
        $0.settings[all] = 1
      } == ["\(all) is not 0"])
    #expect(
      evidence {
        $0.routes = []
        $0.settings[wan] = 1
      } == [])
  }

  @Test("source NAT before the tunnel, where the SA gets nothing")
  func masquerade() {
    func with(_ expressions: [String], isUsed: Bool) -> [CauseID] {
      Gateway.causes { evidence in
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
    let ah = Gateway.causes { evidence in
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
    #expect(Gateway.causes { $0.after.associations[1].direction = .outgoing } == [.direction])
    #expect(Gateway.causes { $0.after.associations[0].direction = .incoming } == [.direction])
    #expect(Gateway.causes { $0.after.associations[1].direction = .incoming } == [])
  }

  @Test("policies")
  func policies() {
    #expect(Gateway.causes { $0.after.policies.removeFirst() } == [.noOutgoingPolicy])
    #expect(Gateway.causes { $0.after.policies = [] } == [.noPolicies])
    #expect(Gateway.causes { $0.after.policies[0].action = .block } == [.blockingPolicy])
    #expect(
      Gateway.causes("XfrmOutPolBlock 1\n") { $0.after.policies[0].action = .block } == [
        .blockingPolicy
      ])
    // The kernel lists the oldest last.
    var clear = Policy(Selector(from: Gateway.here, to: Gateway.there), direction: .outgoing)
    #expect(Gateway.causes { $0.after.policies.append(clear) } == [.shadowed])
    #expect(Gateway.causes { $0.after.policies.insert(clear, at: 0) } == [])
    clear.selector.proto = .tcp
    #expect(Gateway.causes { $0.after.policies.append(clear) } == [])
    #expect(
      Gateway.causes("XfrmInNoPols 2\n") { $0.after.policies.remove(at: 1) } == [
        .noForwardingPolicy
      ])
    #expect(
      Gateway.causes("XfrmInNoPols 2\n") { $0.after.policies.remove(at: 2) } == [.noIncomingPolicy])
    let six = Gateway.causes("XfrmOutPolError 1\n") {
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
      (.selector, { $0.selector = Selector(from: .any(.ipv4), to: IPPrefix(Gateway.far)) }),
    ]
    for (id, change) in changes {
      #expect(Gateway.causes { change(&$0.after.associations[0]) } == [id])
    }
    #expect(Gateway.causes { $0.after.policies[0].templates[0].spi = 5 } == [.templateSPI])
    #expect(
      Gateway.causes {
        $0.before.associations[0].aead = nil
        $0.after.associations[0].aead = nil
      } == [.awaited])
  }

  @Test("no SA at all matters once a packet wants one")
  func wanted() {
    #expect(Gateway.causes { $0.after.associations.removeFirst() } == [])
    #expect(
      Gateway.causes("XfrmOutNoStates 1\n") { $0.after.associations.removeFirst() } == [
        .noAssociation
      ])
    #expect(
      Gateway.causes("XfrmOutNoStates 1\n") {
        $0.expired = [$0.after.associations.removeFirst()]
      } == [.expired])
  }

  @Test("what one end alone cannot explain is told as what it is")
  func symptoms() {
    #expect(Gateway.causes("XfrmInTmplMismatch 1\n") == [.clearArrives])
    #expect(Gateway.causes("XfrmInNoStates 1\n") == [.spiNotHere])
    #expect(Gateway.causes("XfrmInSomethingNew 1\n") == [.counter])
    #expect(
      Gateway.causes("XfrmInStateProtoError 1\n") {
        $0.after.associations[1].statistics.integrityFailed = 1
      } == [.integrity, .counter])
    // With a cause they are not told.
    #expect(
      Gateway.causes("XfrmInNoStates 1\n") { $0.settings["net.ipv4.ip_forward"] = 0 } == [
        .forwardingOff
      ])
  }

  @Test("what packets that come in suffer")
  func incoming() {
    #expect(
      Gateway.causes("XfrmInTmplMismatch 4\n") { $0.after.associations[1].requestID = 2 } == [
        .requestID
      ])
    #expect(
      Gateway.causes {
        $0.after.associations[1].statistics.outsideReplayWindow = 4
      } == [.replayWindow])
    #expect(
      Gateway.causes {
        $0.after.associations[1].usage.packets = 0
        $0.after.associations[1].statistics.outsideReplayWindow = 4
      } == [.restarted])
    #expect(
      Gateway.causes { $0.after.associations[0].replayState?.outgoingSequence = .max } == [
        .exhausted
      ])
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
    let host = Gateway.healthy()
    for (id, change) in changes {
      var peer = Gateway.mirrored(host)
      change(&peer.before.associations[0])
      change(&peer.after.associations[0])
      let diagnosis = Diagnosis(host, peer: peer)
      #expect(diagnosis.causes.map(\.id) == [id])
      #expect(diagnosis.causes.first?.host == "peer")
      #expect(!diagnosis.causes.contains { $0.evidence.joined().contains("0707") })
    }
    var peer = Gateway.mirrored(host)
    (peer.after.associations[0].spi, peer.after.associations[1].spi) = (0x2002, 0x1001)
    #expect(Diagnosis(host, peer: peer).causes.first?.id == .swappedSPIs)
    peer = Gateway.mirrored(host)
    peer.links[0].mtu = 1300
    #expect(Diagnosis(host, peer: peer).causes.map(\.id) == [.mtu])
  }
}
