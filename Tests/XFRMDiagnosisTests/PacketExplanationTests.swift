import Testing
import XFRMDiagnosis

@testable import XFRMKit

/// Why a policy or an SA is not the one; the kernel suite holds the outcome against kernels.
@Suite("The explanation of a packet")
struct PacketExplanationTests {
  private static let near = IPAddress.v4(0xc000_0201)
  private static let far = IPAddress.v4(0xc000_0202)
  private let packet = PacketFlow(
    from: .v4(0x0a01_0002), to: .v4(0x0a02_0002), proto: .udp, sourcePort: 5000,
    destinationPort: 53)

  private func policy(_ change: (inout Policy) -> Void = { _ in }) -> Policy {
    var policy = Policy(
      Selector(
        from: IPPrefix(.v4(0x0a01_0000), length: 16), to: IPPrefix(.v4(0x0a02_0000), length: 16)),
      direction: .outgoing)
    policy.priority = 5
    change(&policy)
    return policy
  }

  private var template: Template {
    Template(from: Self.near, to: Self.far, mode: .tunnel, requestID: 1)
  }

  private func association(
    _ spi: UInt32, _ change: (inout SecurityAssociation) -> Void = { _ in }
  ) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: Self.near, to: Self.far, spi: SPI(rawValue: spi), mode: .tunnel)
    association.requestID = 1
    ESPProposal.aes256gcm16.protect(&association)
    change(&association)
    return association
  }

  @Test("each way in which a policy can lose has its reason")
  func policies() {
    let losing: [(Policy, PacketExplanation.Reason)] = [
      (policy { $0.priority = 6 }, .lowerPriority),
      (policy { $0.interfaceID = 7 }, .mismatch(.interfaceID)),
      (policy { $0.mark = Mark(1) }, .mismatch(.mark)),
      (policy { $0.selector.destination = IPPrefix(Self.far) }, .mismatch(.destination)),
      (policy { $0.selector.source = IPPrefix(Self.far) }, .mismatch(.source)),
      (policy { $0.selector.proto = .tcp }, .mismatch(.proto)),
      (policy { $0.selector.sourcePort = Selector.Port(1) }, .mismatch(.sourcePort)),
      (policy { $0.selector.destinationPort = Selector.Port(1) }, .mismatch(.destinationPort)),
      (policy { $0.selector.interfaceIndex = 3 }, .mismatch(.interface)),
      (Policy(.any(.ipv6), direction: .outgoing), .mismatch(.family)),
      (policy { $0.selector.user = 1 }, .later),
    ]
    for (other, reason) in losing {
      // The kernel lists the newest first.
      let lookup = PacketLookup(policies: [other, policy()], associations: [])
      let explanation = PacketExplanation(PacketQuery(packet), in: lookup)
      #expect(explanation.fate == .clear)
      #expect(explanation.policies == [policy()])
      #expect(explanation.otherPolicies.map(\.reason) == [reason])
      #expect(explanation.isTied == (reason == .later))
    }
  }

  @Test(
    "before Linux 6.12 those found by hash come before equals, but for the very first other one")
  func hashed() {
    func numbered(_ number: UInt32, isHashed: Bool) -> Policy {
      policy {
        $0.selector.user = number
        if isHashed {
          $0.selector.source = IPPrefix(packet.source)
          $0.selector.destination = IPPrefix(packet.destination)
        }
      }
    }
    // The oldest has number 1.
    let policies = [
      numbered(4, isHashed: true), numbered(3, isHashed: false), numbered(2, isHashed: false),
      numbered(1, isHashed: true),
    ]
    func order(_ hashing: SPDInfo?) -> [UInt32] {
      PacketLookup(policies: policies, associations: [], hashing: hashing).policies
        .map(\.selector.user)
    }
    #expect(order(nil) == [1, 2, 3, 4])
    #expect(order(SPDInfo()) == [2, 1, 4, 3])
    var info = SPDInfo()
    info.thresholdIPv4 = SPDInfo.HashThreshold(local: 16, remote: 16)
    #expect(order(info) == [1, 2, 3, 4])
  }

  @Test("a sub policy that blocks leaves main ones unasked, one that allows does not")
  func types() {
    let blocking = policy {
      $0.kind = .sub
      $0.action = .block
      $0.priority = 9
    }
    var explanation = PacketExplanation(
      PacketQuery(packet), in: PacketLookup(policies: [blocking, policy()], associations: []))
    #expect(explanation.fate == .dropped(.blockingPolicy))
    #expect(explanation.otherPolicies.map(\.reason) == [.notReached])
    var allowing = blocking
    allowing.action = .allow
    explanation = PacketExplanation(
      PacketQuery(packet), in: PacketLookup(policies: [allowing, policy()], associations: []))
    #expect(explanation.fate == .clear)
    #expect(explanation.policies.map(\.kind) == [.sub, .main])
  }

  @Test("each way in which an SA can lose has its reason")
  func associations() {
    var others: [(SecurityAssociation, AssociationMismatch)] = [
      (association(9) { $0.requestID = 2 }, .requestID),
      (association(9) { $0.mode = .transport }, .mode),
      (association(9) { $0.proto = .ah }, .proto),
      (association(9) { $0.destination = .v4(1) }, .destination),
      (association(9) { $0.source = .v4(1) }, .source),
      (association(9) { $0.mark = Mark(1) }, .mark),
      (association(9) { $0.interfaceID = 1 }, .interfaceID),
      (association(9) { $0.flags = .wildcardReceive }, .wildcard),
      (association(9) { $0.aead = nil }, .larval),
      (association(9) { $0.selector = .any(.ipv6) }, .selector(.family)),
    ]
    let narrow = Selector(from: .any(.ipv4), to: IPPrefix(Self.far))
    others.append((association(9) { $0.selector = narrow }, .selector(.destination)))
    let asking = policy { $0.templates = [template] }
    for (other, mismatch) in others {
      for hasGood in [true, false] {
        let lookup = PacketLookup(
          policies: [asking], associations: [other] + (hasGood ? [association(8)] : []))
        let explanation = PacketExplanation(PacketQuery(packet), in: lookup)
        #expect(explanation.choices.first?.mismatches.map(\.mismatch) == [mismatch])
        let none: PacketFate =
          .dropped(
            mismatch == .larval ? .awaitsAssociation(template) : .noAssociation(template))
        #expect(explanation.fate == (hasGood ? .protected([association(8).id]) : none))
      }
    }
  }

  @Test("the newest SA is taken, unless it is to be renewed")
  func newest() {
    let asking = policy { $0.templates = [template] }
    let old = association(1) { $0.usage.addedAt = 100 }
    var new = association(2) { $0.usage.addedAt = 200 }
    func taken(_ associations: [SecurityAssociation]) -> PacketFate {
      PacketLookup(policies: [asking], associations: associations, time: 300)
        .fate(of: PacketQuery(packet))
    }
    #expect(taken([old, new]) == .protected([new.id]))
    #expect(taken([new, old]) == .protected([new.id]))
    for seconds: UInt64 in [50, .max] {
      new.lifetime.soft.secondsFromAdd = seconds
      #expect(taken([new, old]) == .protected([old.id]))
    }
    new.lifetime.soft.secondsFromAdd = 101
    #expect(taken([new, old]) == .protected([new.id]))
  }

  @Test("packets that come in need what the templates ask, and the default action counts")
  func incoming() {
    var asking = policy { $0.templates = [template] }
    asking.direction = .incoming
    let lookup = PacketLookup(
      policies: [asking], associations: [association(3)],
      defaultActions: DefaultActions(incoming: .accept, forwarded: .block, outgoing: .accept))
    let explanation = PacketExplanation(PacketQuery(packet, .incoming), in: lookup)
    #expect(explanation.fate == .needsProtection([template]))
    #expect(explanation.choices.first?.association?.spi == 3)
    #expect(lookup.fate(of: PacketQuery(packet, .forwarded)) == .dropped(.defaultAction))
    #expect(lookup.fate(of: PacketQuery(packet, .outgoing)) == .clear)
  }

  @Test("where nothing is asked, what came out of a tunnel is dropped")
  func clearOnly() {
    var asking = policy()
    asking.direction = .incoming
    func fate(_ policies: [Policy], _ direction: Policy.Direction) -> PacketFate {
      PacketLookup(policies: policies, associations: []).fate(of: PacketQuery(packet, direction))
    }
    #expect(fate([], .incoming) == .clearOnly)
    #expect(fate([asking], .incoming) == .clearOnly)
    #expect(fate([asking], .forwarded) == .clearOnly)
    #expect(fate([asking], .outgoing) == .clear)
    #expect(PacketFate.clearOnly.words.contains("out of a tunnel it is dropped"))
    asking.templates = [template]
    asking.templates[0].isOptional = true
    #expect(fate([asking], .incoming) == .clear)
  }

  @Test("each policy begins with the packet's own addresses, and counts what was found before")
  func twoPolicies() {
    let inner = association(7) {
      ($0.source, $0.destination, $0.mode) = (packet.source, packet.destination, .transport)
    }
    var sub = policy { $0.templates = [template] }
    sub.kind = .sub
    let main = policy {
      $0.templates = [
        Template(from: packet.source, to: packet.destination, mode: .transport, requestID: 1)
      ]
    }
    func fate(_ policies: [Policy]) -> PacketFate {
      PacketLookup(policies: policies, associations: [inner, association(8)])
        .fate(of: PacketQuery(packet))
    }
    #expect(fate([sub, main]) == .protected([association(8).id, inner.id]))
    var five = sub
    five.templates = Array(repeating: template, count: 5)
    #expect(fate([five, main]) == .dropped(.tooManyTemplates))
    for index in five.templates.indices {
      five.templates[index].requestID = 2
      five.templates[index].isOptional = true
    }
    #expect(fate([five, main]) == .protected([inner.id]))
    five.templates.append(template)
    #expect(fate([five]) == .dropped(.tooManyTemplates))
  }

  @Test("coming in, an SA must come from where the template says, and may lead anywhere")
  func admitted() {
    #expect(template.admits(association(1) { $0.destination = .v4(1) }))
    #expect(!template.admits(association(1) { $0.source = .v4(1) }))
    #expect(template.admits(association(1) { $0.interfaceID = 3 }))
    #expect(template.admits(association(1) { $0.interfaceID = 3 }, interfaceID: 3))
    #expect(!template.admits(association(1), interfaceID: 3))
  }

  @Test("coming in under transport mode, the SA for what leaves is not named")
  func transport() {
    let comes = association(1) {
      ($0.source, $0.destination, $0.mode) = (packet.source, packet.destination, .transport)
    }
    var leaves = comes
    (leaves.spi, leaves.source, leaves.destination) = (2, packet.destination, packet.source)
    var marked = comes
    (marked.spi, marked.direction) = (3, .outgoing)
    var elsewhere = comes
    (elsewhere.spi, elsewhere.interfaceID) = (4, 9)
    func named(_ interfaceID: UInt32?) -> [SPI] {
      var asking = policy {
        $0.templates = [
          Template(from: packet.source, to: packet.destination, mode: .transport, requestID: 1)
        ]
      }
      (asking.direction, asking.interfaceID) = (.incoming, interfaceID)
      let lookup = PacketLookup(
        policies: [asking], associations: [leaves, marked, elsewhere, comes])
      let choice = PacketExplanation(
        PacketQuery(packet, .incoming, interfaceID: interfaceID ?? 0), in: lookup
      ).choices.first
      return ([choice?.association].compactMap { $0 } + (choice?.alternatives ?? [])).map(\.spi)
    }
    #expect(named(9) == [4])
    #expect(named(nil) == [4, 1])
  }
}
