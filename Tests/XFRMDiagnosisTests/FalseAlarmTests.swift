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
