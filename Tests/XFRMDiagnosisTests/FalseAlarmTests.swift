import Testing
import XFRMDiagnosis

@testable import XFRMKit

/// What looks like a cause and is none, each beside what is one.
@Suite("What is no cause")
struct FalseAlarmTests {
  @Test("an SA of another policy is no near miss")
  func taken() {
    func policies(_ second: UInt32) -> [CauseID] {
      Gateway.causes { evidence in
        var other = evidence.after.policies[0]
        other.selector.proto = .tcp
        other.templates[0].requestID = second
        evidence.after.policies.insert(other, at: 1)
        if second == 3 { evidence.after.policies[0].templates[0].requestID = 2 }
      }
    }
    #expect(policies(2) == [])
    // Of one that nobody has taken each policy tells.
    #expect(policies(3) == [.requestID, .requestID])
  }

  @Test("an older SA that another policy would take as well is no near miss")
  func replaced() {
    func causes(_ requestID: UInt32) -> [CauseID] {
      Gateway.causes { evidence in
        var older = evidence.after.associations[0]
        (older.spi, older.requestID) = (0x1000, requestID)
        evidence.after.associations.append(older)
        // Waits for its first packet.
        var trap = evidence.after.policies[0]
        trap.selector.proto = .tcp
        trap.templates[0].requestID = 5
        evidence.after.policies.append(trap)
      }
    }
    #expect(causes(1) == [])
    #expect(causes(3) == [.requestID])
  }

  @Test("a table that only some packets get to takes no route from others, and gives them one")
  func tables() {
    func causes(_ table: UInt32, drops: Bool = true, isAlone: Bool = false) -> [CauseID] {
      Gateway.causes { evidence in
        for index in evidence.routes.indices { evidence.routes[index].table = 254 }
        if isAlone { evidence.routes.removeLast() }
        var other = Route(to: Gateway.there)
        (other.table, other.kind) = (table, drops ? .unreachable : .unicast)
        other.interfaceIndex = 2
        evidence.routes.append(other)
        if table == 254 { evidence.routes[evidence.routes.count - 1].metric = 0 }
        if !isAlone { evidence.routes[1].metric = 100 }
      }
    }
    #expect(causes(100) == [])
    #expect(causes(254) == [.noRoute])
    #expect(causes(100, isAlone: true) == [.noRoute])
    #expect(causes(100, drops: false, isAlone: true) == [])
  }

  @Test("a policy without a counterpart of its interface ID or mark is alone")
  func counterparts() {
    func causes(out: UInt32?, in incoming: UInt32?, marks: [UInt32]? = nil) -> [CauseID] {
      Gateway.causes { evidence in
        evidence.hasEveryInterfaceID = true
        evidence.after.counters = ErrorCounters(parsing: "")
        // A second tunnel, of which the first part is in order.
        for index in evidence.after.policies.indices {
          evidence.after.policies[index].interfaceID = 1
        }
        for index in evidence.after.associations.indices {
          evidence.after.associations[index].interfaceID = 1
        }
        for var policy in evidence.after.policies {
          let isOut = policy.direction == .outgoing
          guard isOut ? out != nil : incoming != nil else { continue }
          policy.interfaceID = isOut ? out : incoming
          if let marks { policy.mark = Mark(marks[isOut ? 0 : 1]) }
          policy.templates[0].isOptional = isOut
          evidence.after.policies.append(policy)
        }
      }
    }
    #expect(causes(out: 2, in: 2) == [])
    #expect(causes(out: nil, in: 2) == [.noOutgoingPolicy])
    // Whoever comes in by one and leaves by another.
    #expect(causes(out: 3, in: 2) == [])
    #expect(causes(out: 1, in: 1, marks: [5, 5]) == [])
    #expect(causes(out: nil, in: 1, marks: [5, 5]) == [.noOutgoingPolicy])
  }

  @Test("what was asked for and not answered has not expired")
  func unanswered() {
    let causes = Gateway.causes { evidence in
      var gone = evidence.after.associations.removeFirst()
      gone.spi = 0
      evidence.expired = [gone]
    }
    #expect(causes == [.awaited])
  }

  @Test("a server for everybody's packets that forwards none is told by what it did not forward")
  func server() {
    func causes(_ lost: UInt64, forwarding: Int = 0, isIdle: Bool = false) -> [CauseID] {
      Gateway.causes { evidence in
        for index in evidence.after.policies.indices {
          let policy = evidence.after.policies[index]
          if policy.direction == .outgoing {
            evidence.after.policies[index].selector.source = IPPrefix(.v4(0), length: 0)
          } else {
            evidence.after.policies[index].selector.destination = IPPrefix(.v4(0), length: 0)
          }
        }
        evidence.settings["net.ipv4.ip_forward"] = forwarding
        evidence.before.unforwarded = [.ipv4: 7]
        evidence.after.unforwarded = [.ipv4: 7 + lost]
        if isIdle { evidence.after.associations = evidence.before.associations }
      }
    }
    #expect(causes(0) == [])
    #expect(causes(3) == [.forwardingOff])
    #expect(causes(3, forwarding: 1) == [])
    #expect(causes(3, isIdle: true) == [])
  }

  @Test("a limit that was reached goes before another peer's SA")
  func expired() {
    func causes(_ peer: IPAddress) -> [CauseID] {
      Gateway.causes { evidence in
        var other = evidence.after.associations[0]
        other.spi = 0x3003
        other.requestID = 9
        evidence.expired = [evidence.after.associations[0]]
        evidence.expired[0].destination = peer
        evidence.after.associations[0] = other
      }
    }
    #expect(causes(Gateway.far) == [.expired])
    #expect(causes(.v4(0xc000_0263)) == [.requestID])
  }

  @Test("an answer that is not there yet is not missing")
  func asked() {
    let fresh = Gateway.causes { evidence in
      evidence.before.associations.removeFirst()
      evidence.after.associations[0].aead = nil
    }
    #expect(fresh == [])
  }

  @Test("the peer of a busy tunnel has received more than was sent when it was looked at")
  func busy() {
    func causes(_ received: UInt32, before: UInt32, sent: UInt32) -> [CauseID] {
      var host = Gateway.healthy()
      host.after.associations[0].replayState?.outgoingSequence = sent
      var peer = Gateway.mirrored(host)
      peer.before.associations[0].replayState?.incomingSequence = before
      peer.after.associations[0].replayState?.incomingSequence = received
      return Diagnosis(host, peer: peer).causes.map(\.id)
    }
    #expect(causes(9_000, before: 4_000, sent: 5_000) == [])
    #expect(causes(9_000, before: 8_000, sent: 5_000) == [.restarted])
    // Added anew by both ends.
    #expect(causes(10, before: 8_000, sent: 10) == [])
  }

  @Test("the last number with extended ones is none that was restarted")
  func extended() {
    var host = Gateway.healthy()
    for index in host.before.associations.indices {
      var state = ExtendedReplayState(window: 32)
      (state.incomingSequence, state.outgoingSequence) = (.max - 1, .max - 1)
      for association in [\HostEvidence.Sample.associations] {
        host.before[keyPath: association][index].extendedReplayState = state
        host.after[keyPath: association][index].extendedReplayState = state
        host.before[keyPath: association][index].flags.insert(.extendedSequenceNumbers)
        host.after[keyPath: association][index].flags.insert(.extendedSequenceNumbers)
      }
    }
    #expect(Diagnosis(host, peer: Gateway.mirrored(host)).causes == [])
  }

  @Test("a host that speaks for itself need not forward, nor one where single interfaces do")
  func forwarding() {
    func causes(_ change: (inout HostEvidence) -> Void) -> [CauseID] {
      Gateway.causes { evidence in
        evidence.settings["net.ipv4.ip_forward"] = 0
        change(&evidence)
      }
    }
    let own = InterfaceAddress(
      prefix: IPPrefix(.v4(0x0a01_0001), length: 24), interfaceIndex: 3)
    #expect(causes { _ in } == [.forwardingOff])
    #expect(causes { $0.settings["net.ipv4.conf.wan.forwarding"] = 1 } == [])
    #expect(causes { $0.addresses.append(own) } == [])
    let silent = causes { evidence in
      evidence.addresses.append(own)
      evidence.after.associations[0].usage.packets = 0
    }
    #expect(silent == [.forwardingOff])
  }

  @Test("drops of the whole host are told of a host without packets only if nothing else is found")
  func reversePath() {
    func causes(isIdle: Bool, _ settings: [String: Int]) -> [CauseID] {
      Gateway.causes { evidence in
        (evidence.before.reversePathDrops, evidence.after.reversePathDrops) = (3, 4)
        evidence.settings = settings
        if isIdle { evidence.after.associations = evidence.before.associations }
      }
    }
    let off = ["net.ipv4.ip_forward": 0]
    #expect(causes(isIdle: true, [:]) == [.reversePath])
    #expect(causes(isIdle: true, off) == [.forwardingOff])
    #expect(causes(isIdle: false, off) == [.forwardingOff, .reversePath])
  }

  @Test("a shorter MTU is told only if nothing else is found")
  func mtu() {
    var host = Gateway.healthy()
    var peer = Gateway.mirrored(host)
    peer.links[0].mtu = 1300
    #expect(Diagnosis(host, peer: peer).causes.map(\.id) == [.mtu])
    host.settings["net.ipv4.ip_forward"] = 0
    #expect(Diagnosis(host, peer: peer).causes.map(\.id) == [.forwardingOff])
  }

  @Test("an interface ID by which packets went needs no interface")
  func interfaceIDs() {
    func causes(_ packets: UInt64) -> [CauseID] {
      Gateway.causes { evidence in
        evidence.after.policies[0].interfaceID = 7
        evidence.after.associations[0].interfaceID = 7
        evidence.after.associations[0].usage.packets = packets
      }
    }
    #expect(causes(10) == [])
    #expect(causes(0) == [.interfaceID])
  }

  @Test("disable_xfrm of the interface to the peer means nothing for what goes elsewhere")
  func disabled() {
    func causes(_ interface: String) -> [CauseID] {
      Gateway.causes { evidence in
        var tunnel = Link("vti", index: 5)
        tunnel.isUp = true
        evidence.links.append(tunnel)
        evidence.routes[1].interfaceIndex = 5
        evidence.settings["net.ipv4.conf.\(interface).disable_xfrm"] = 1
      }
    }
    #expect(causes("wan") == [])
    #expect(causes("vti") == [.disabledIPsec])
  }

  @Test("of two families with the same chain each has its own rules")
  func chains() {
    func causes(_ parts: [AddressFamily: String]) -> [CauseID] {
      Gateway.causes { evidence in
        evidence.rules = parts.map { family, part in
          FilterRule(
            FilterTable(family: family, name: "nat"), chain: "postrouting", expressions: [part])
        }
        evidence.after.policies[0].usage.firstUsedAt = 1_001
        evidence.after.associations[0].usage.packets = 0
      }
    }
    #expect(causes([.ipv4: "masq", .ipv6: "rt"]) == [.masquerade])
    #expect(causes([.ipv4: "rt"]) == [])
  }

  @Test("before Linux 6.12 an older policy that is not found by hash is behind, but for the first")
  func hashed() {
    func causes(_ hashing: SPDInfo?) -> [CauseID] {
      Gateway.causes { evidence in
        evidence.hashing = hashing
        let whole = Selector(from: .any(.ipv4), to: .any(.ipv4))
        evidence.after.policies[0].selector = Selector(
          from: IPPrefix(Gateway.here.address), to: IPPrefix(Gateway.there.address))
        var first = Policy(whole, direction: .outgoing)
        first.selector.proto = .tcp
        evidence.after.policies += [Policy(whole, direction: .outgoing), first]
      }
    }
    #expect(causes(nil) == [.shadowed])
    #expect(causes(SPDInfo()) == [])
  }
}
