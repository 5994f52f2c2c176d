import Testing
import XFRMDiagnosis

@testable import XFRMKit

/// The kernel's rules for what comes in, one by one; the kernel suite holds the outcome against
/// kernels.
@Suite("The arrival of a packet")
struct PacketArrivalTests {
  private static let peer = IPAddress.v4(0xc000_0201)
  private static let here = IPAddress.v4(0xc000_0202)
  private let packet = PacketFlow(from: .v4(0x0a01_0002), to: .v4(0x0a02_0002), proto: .udp)

  private func policy(
    _ templates: [Template] = [], _ change: (inout Policy) -> Void = { _ in }
  ) -> Policy {
    var policy = Policy(.any(.ipv4), direction: .incoming)
    policy.templates = templates
    change(&policy)
    return policy
  }

  private func template(
    _ requestID: UInt32, _ mode: Mode = .tunnel, isOptional: Bool = false
  ) -> Template {
    var template = Template(from: Self.peer, to: Self.here, mode: mode, requestID: requestID)
    template.isOptional = isOptional
    return template
  }

  private func association(_ requestID: UInt32, _ mode: Mode = .tunnel) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: Self.peer, to: Self.here, spi: SPI(rawValue: 0x1000 + requestID), mode: mode)
    association.requestID = requestID
    return association
  }

  /// - Parameter path: The outermost SA first.
  private func refusal(
    _ policies: [Policy], _ path: [SecurityAssociation] = [],
    _ direction: Policy.Direction = .incoming, incoming: DefaultActions.Action = .accept
  ) -> ArrivalRefusal? {
    PacketLookup(
      policies: policies, associations: path,
      defaultActions: DefaultActions(incoming: incoming, forwarded: .accept, outgoing: .accept)
    ).refusal(of: PacketQuery(packet, direction), through: path)
  }

  @Test("without a policy the default action counts, and nothing may come out of a tunnel")
  func noPolicy() {
    #expect(refusal([]) == nil)
    #expect(refusal([], incoming: .block) == .noPolicy)
    #expect(refusal([policy()], incoming: .block) == nil)
    #expect(refusal([], [association(1, .transport)]) == nil)
    #expect(refusal([], [association(1)]) == .noPolicy)
    #expect(refusal([policy()], [association(1)]) == .templateMismatch)
  }

  @Test("templates are innermost first, and each is met behind the one before")
  func order() {
    let asking = [policy([template(1), template(2)])]
    #expect(refusal(asking, [association(2), association(1)]) == nil)
    #expect(refusal(asking, [association(1), association(2)]) == .templateMismatch)
    #expect(refusal(asking, [association(2)]) == .templateMismatch)
    #expect(refusal(asking) == .templateMismatch)
    #expect(
      refusal(asking, [association(3), association(2), association(1)]) == .templateMismatch)
  }

  @Test("what nobody asks for may be there in transport mode, and nowhere else")
  func unasked() {
    let asking = [policy([template(1)])]
    #expect(refusal(asking, [association(9, .transport), association(1)]) == nil)
    #expect(refusal(asking, [association(1), association(9, .transport)]) == nil)
    #expect(refusal(asking, [association(9, .beet), association(1)]) == .templateMismatch)
  }

  @Test("an optional template may be missed; one of transport mode is not even looked for")
  func optional() {
    let asking = [policy([template(1), template(2, isOptional: true)])]
    #expect(refusal(asking, [association(1)]) == nil)
    #expect(refusal(asking, [association(2), association(1)]) == nil)
    #expect(refusal(asking, [association(3), association(1)]) == .templateMismatch)
    let inner = association(1, .transport)
    #expect(
      refusal([policy([template(1, .transport), template(1, .transport)])], [inner])
        == .templateMismatch)
    #expect(
      refusal(
        [policy([template(1, .transport), template(1, .transport, isOptional: true)])], [inner])
        == nil)
  }

  @Test("six templates are too many")
  func tooMany() {
    let five = Array(repeating: template(1, isOptional: true), count: 5)
    #expect(refusal([policy(five)]) == nil)
    #expect(refusal([policy(five + five.prefix(1))]) == .tooManyTemplates)
    let lookup = PacketLookup(policies: [policy(five + five.prefix(1))], associations: [])
    #expect(lookup.fate(of: PacketQuery(packet, .incoming)) == .dropped(.tooManyTemplates))
  }

  @Test("an SA's own selector comes first, before what a policy blocks")
  func selector() {
    var narrow = association(1)
    let blocking = policy { $0.action = .block }
    #expect(refusal([blocking], [narrow]) == .blockingPolicy)
    narrow.selector = Selector(from: .any(.ipv4), to: IPPrefix(Self.here))
    #expect(refusal([blocking], [narrow]) == .associationMismatch)
    #expect(refusal([policy([template(1)])], [narrow]) == .associationMismatch)
  }

  @Test("behind a sub policy a forwarded packet meets a main one of packets that come in")
  func sub() {
    let sub = policy {
      $0.kind = .sub
      $0.direction = .forwarded
    }
    let forwarded = policy([template(1)]) { $0.direction = .forwarded }
    let blocking = policy { $0.action = .block }
    #expect(refusal([sub, forwarded], [], .forwarded) == nil)
    #expect(refusal([forwarded], [], .forwarded) == .templateMismatch)
    #expect(refusal([sub, forwarded, blocking], [], .forwarded) == .blockingPolicy)
    let explanation = PacketExplanation(
      PacketQuery(packet, .forwarded),
      in: PacketLookup(policies: [sub, forwarded, blocking], associations: []))
    #expect(explanation.policies == [sub, blocking])
    #expect(explanation.otherPolicies.map(\.reason) == [.notReached])
  }

  @Test("over IPv6 templates of two policies are put in order by their modes")
  func sorted() {
    func refusal(_ family: AddressFamily) -> ArrivalRefusal? {
      let (peer, here) =
        family == .ipv6
        ? (IPAddress.v6(1, 1), IPAddress.v6(1, 2)) : (Self.peer, Self.here)
      func policy(_ kind: Policy.Kind, _ mode: Mode) -> Policy {
        var policy = Policy(.any(family), direction: .incoming)
        policy.kind = kind
        policy.templates = [Template(from: peer, to: here, mode: mode, requestID: 1)]
        return policy
      }
      let path = [Mode.tunnel, .transport].map { mode in
        var association = SecurityAssociation(from: peer, to: here, spi: 0x1000, mode: mode)
        association.requestID = 1
        return association
      }
      return PacketLookup(
        policies: [policy(.sub, .tunnel), policy(.main, .transport)], associations: []
      ).refusal(
        of: PacketQuery(PacketFlow(from: peer, to: here), .incoming), through: path)
    }
    #expect(refusal(.ipv6) == nil)
    #expect(refusal(.ipv4) == .templateMismatch)
  }
}
