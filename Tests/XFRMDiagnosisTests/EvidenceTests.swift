import Testing

@testable import XFRMDiagnosis

/// What is seen of a host, and how it is counted.
@Suite("The evidence")
struct EvidenceTests {
  @Test("interfaces may have dots in their names")
  func names() {
    let files = [
      "/proc/sys/net/ipv4/conf/eth0.100/disable_xfrm": "1\n",
      "/proc/sys/net/ipv6/conf/all/forwarding": "0\n", "/proc/sys/net/ipv4/ip_forward": "1\n",
    ]
    let texts = SettingTexts([Link("eth0.100", index: 2)]) { files[$0] }
    #expect(
      texts.settings == [
        "net.ipv4.conf.eth0.100.disable_xfrm": 1, "net.ipv6.conf.all.forwarding": 0,
        "net.ipv4.ip_forward": 1,
      ])
    let causes = Gateway.causes { evidence in
      evidence.links[0].name = "eth0.100"
      evidence.settings = texts.settings
    }
    #expect(causes == [.disabledIPsec])
  }

  @Test("counters of IP are read by name, and are none where the kernel shows none")
  func counters() {
    let files = [
      "netstat": "TcpExt: SyncookiesSent IPReversePathFilter\nTcpExt: 1 3\n",
      "snmp": "Ip: Forwarding InAddrErrors InHdrErrors\nIp: 2 12 0\nIcmp: InMsgs\nIcmp: 5\n",
      "snmp6": "Ip6InReceives \t7\nIp6InAddrErrors                 \t4\nIp6OutRequests \t9\n",
    ]
    let texts = CounterTexts { files[$0] }
    #expect(texts.reversePathDrops == 3)
    #expect(texts.unforwarded == [.ipv4: 12, .ipv6: 4])
    let none = CounterTexts { _ in nil }
    #expect(none.reversePathDrops == nil && none.unforwarded.isEmpty)
  }

  @Test("a route that drops packets is none, and counts by prefix and metric")
  func routes() {
    func causes(_ length: UInt8, _ metric: UInt32) -> [CauseID] {
      Gateway.causes { evidence in
        var route = Route(to: IPPrefix(Gateway.there.address, length: length))
        route.kind = .unreachable
        route.metric = metric
        evidence.routes.append(route)
      }
    }
    #expect(causes(32, 0) == [.noRoute])
    #expect(causes(16, 0) == [])
    #expect(causes(24, 5) == [])
  }

  @Test("an SA that was added again counts from 0")
  func again() {
    var evidence = Gateway.healthy()
    for index in evidence.before.associations.indices {
      evidence.before.associations[index].usage.packets = 1_000
      evidence.before.associations[index].statistics.integrityFailed = 1_000
      evidence.after.associations[index].statistics.integrityFailed = 2
    }
    let diagnosis = Diagnosis(evidence)
    #expect(diagnosis.packets == 20)
    #expect(diagnosis.causes.map(\.id) == [.integrity])
    #expect(diagnosis.causes.first?.evidence.joined().contains("refused 2 packets") == true)
  }

  @Test("causes of one kind come in the order of the policies")
  func order() {
    let peers = (10..<20).map { IPAddress.v4(0xcb00_7100 + $0) }
    var evidence = Gateway.healthy()
    evidence.after.policies += peers.map { peer in
      var policy = evidence.after.policies[0]
      policy.templates[0].destination = peer
      policy.priority = 9
      return policy
    }
    let told = Diagnosis(evidence).causes.filter { $0.id == .noRouteToPeer }.flatMap(\.evidence)
    #expect(told == peers.reversed().map { "no route to \($0)" })
  }
}
