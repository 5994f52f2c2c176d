import IPRoute2
import Testing
import XFRMKit

@Suite("Queries")
struct QueryTests {
  private static let association: SecurityAssociation = {
    var association = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc000_0202), spi: 0x1001, mode: .tunnel)
    association.requestID = 7
    association.flags = [.icmp]
    association.mark = Mark(1, mask: 3)
    association.interfaceID = 9
    return association
  }()

  @Test("that ask for what an SA is match it, and no other")
  func associations() {
    #expect(AssociationQuery().matches(Self.association))
    let questions: [(inout AssociationQuery, Bool) -> Void] = [
      { $0.source = IPPrefix(.v4($1 ? 0xc000_0200 : 0xc001_0200), length: 24) },
      { $0.destination = IPPrefix(.v4($1 ? 0xc000_0202 : 0xc000_0201)) },
      { $0.family = $1 ? .ipv4 : .ipv6 },
      { $0.proto = $1 ? .esp : .ah },
      { $0.proto = $1 ? .ipsec : .udp },
      { $0.spi = $1 ? 0x1001 : 0x1002 },
      { $0.mode = $1 ? .tunnel : .transport },
      { $0.requestID = $1 ? 7 : 0 },
      { $0.flags = $1 ? [.icmp, .noECN] : [.noECN] },
      { $0.flags = $1 ? nil : [] },
      { $0.mark = $1 ? Mark(1, mask: 3) : Mark(1) },
      { $0.interfaceID = $1 ? 9 : 0 },
    ]
    for (number, ask) in questions.enumerated() {
      for isRight in [true, false] {
        var query = AssociationQuery()
        ask(&query, isRight)
        #expect(query.matches(Self.association) == isRight, "question \(number)")
      }
    }
    var helper = Self.association
    helper.proto = IPProtocol(rawValue: 4)
    #expect(AssociationQuery().matches(helper))
    #expect(!AssociationQuery().isDeletable(helper))
  }

  @Test("that ask for what a policy is match it, and no other")
  func policies() {
    var policy = Policy(
      Selector(
        from: IPPrefix(.v4(0x0a01_0000), length: 16), to: IPPrefix(.v4(0x0a02_0000), length: 16),
        proto: .udp), direction: .outgoing,
      templates: [Template(Self.association)])
    policy.selector.destinationPort = Selector.Port(500)
    policy.selector.interfaceIndex = 3
    policy.index = 17
    policy.priority = 5
    policy.flags = [.icmp]
    let questions: [(inout PolicyQuery, Bool) -> Void] = [
      { $0.source = IPPrefix(.v4($1 ? 0x0a00_0000 : 0x0b00_0000), length: 8) },
      { $0.destination = IPPrefix(.v4($1 ? 0x0a02_0000 : 0x0a03_0000), length: 24) },
      { $0.family = $1 ? .ipv4 : .ipv6 },
      { $0.proto = $1 ? .udp : .tcp },
      { $0.destinationPort = Selector.Port($1 ? 500 : 501) },
      { $0.sourcePort = $1 ? .any : Selector.Port(1) },
      { $0.interfaceIndex = $1 ? 3 : 4 },
      { $0.direction = $1 ? .outgoing : .incoming },
      { $0.index = $1 ? 17 : 25 },
      { $0.kind = $1 ? .main : .sub },
      { $0.action = $1 ? .allow : .block },
      { $0.priority = $1 ? 5 : 0 },
      { $0.flags = $1 ? [.icmp] : [.localOK] },
      { $0.flags = $1 ? nil : [] },
      { $0.interfaceIndex = $1 ? 3 : 0 },
      { $0.user = $1 ? 0 : 1 },
      { $0.requestID = $1 ? 7 : 8 },
      { $0.mark = $1 ? nil : Mark(1) },
      { $0.interfaceID = $1 ? 0 : 1 },
    ]
    for (number, ask) in questions.enumerated() {
      for isRight in [true, false] {
        var query = PolicyQuery()
        ask(&query, isRight)
        #expect(query.matches(policy) == isRight, "question \(number)")
      }
    }
    policy.direction = Policy.Direction(rawValue: 4)
    var query = PolicyQuery()
    #expect(query.matches(policy))
    #expect(!query.isDeletable(policy))
    query.leavesOutSockets = true
    #expect(!query.matches(policy))
  }
}
