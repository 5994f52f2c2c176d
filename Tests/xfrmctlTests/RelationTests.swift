import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

/// Which SAs and policies belong together.
@Suite("Relations")
struct RelationTests {
  private typealias Pair = (association: SecurityAssociation, policy: Policy)

  /// Whether they do, seen from both sides.
  private func fit(_ change: (inout Pair) -> Void = { _ in }) -> Bool {
    var pair = (association: RuleExamples.association, policy: RuleExamples.policy)
    change(&pair)
    let relations = Relations([pair.association], [pair.policy])
    let forward = relations.associations(for: pair.policy.templates[0], of: pair.policy)
    let backward = relations.policies(using: pair.association)
    #expect(forward.count == backward.count)
    return forward == [pair.association]
  }

  @Test("a template and the SA that it was made of fit")
  func same() { #expect(fit()) }

  @Test("what the kernel compares must be equal")
  func differences() {
    #expect(!fit { $0.association.requestID = 8 })
    #expect(!fit { $0.association.proto = .ah })
    #expect(!fit { $0.association.mode = .beet })
    #expect(!fit { $0.association.destination = .v4(1) })
    #expect(!fit { $0.association.source = .v4(1) })
    #expect(!fit { $0.association.interfaceID = 5 })
    #expect(!fit { $0.policy.interfaceID = 5 })
    #expect(!fit { $0.policy.templates[0].spi = 0x9999 })
    #expect(!fit { $0.association.direction = .incoming })
    #expect(!fit { $0.association.mark = Mark(1) })
    #expect(!fit { $0.association.aead = nil })
  }

  @Test("what it does not compare need not be")
  func allowances() {
    #expect(fit { $0.policy.templates[0].spi = $0.association.spi })
    #expect(fit { $0.policy.templates[0].source = .v4(0) })
    #expect(fit { $0.association.direction = .outgoing })
    #expect(fit { $0.association.interfaceID = 0 })
    #expect(fit { ($0.association.mark, $0.policy.mark) = (Mark(1), Mark(1)) })
    #expect(fit { $0.association.mark = Mark(0, mask: 0) })
  }

  @Test("for incoming packets a request ID of 0 is any, and for outgoing ones it is not")
  func anyRequestID() {
    #expect(!fit { $0.policy.templates[0].requestID = 0 })
    #expect(
      fit {
        $0.policy.templates[0].requestID = 0
        $0.policy.direction = .incoming
      })
    #expect(
      !fit {
        $0.policy.direction = .forwarded
        $0.association.direction = .outgoing
      })
  }

  @Test("in transport mode the selector's addresses count, and not the template's")
  func transport() {
    let source = IPAddress.v4(0x0a01_0001)
    let destination = IPAddress.v4(0x0a02_0001)
    func place(_ pair: inout Pair) {
      pair.association.mode = .transport
      pair.association.source = source
      pair.association.destination = destination
      pair.policy.templates[0].mode = .transport
    }
    #expect(fit { place(&$0) })
    #expect(
      !fit {
        place(&$0)
        $0.association.destination = source
      })
  }

  @Test("both lists point to each other, or say that there is nothing")
  func texts() {
    let association = RuleExamples.association
    let policy = RuleExamples.policy
    func texts(_ associations: [SecurityAssociation], _ policies: [Policy]) -> [String] {
      [
        AssociationListing(associations, policies: policies, keys: KeyDisplay())
          .block(association),
        PolicyListing(policies, associations: associations).block(policy),
      ]
    }
    let together = texts([association], [policy])
    #expect(together[0].contains("\n  used by     out 10.1.0.0/16 → 10.2.0.0/16"))
    #expect(together[1].contains("\n              uses SPI 0x00001001"))
    #expect(texts([association], [])[0].contains("\n  used by     no policy"))
    #expect(texts([], [policy])[1].contains("\n              no SA yet"))
  }

  @Test("many of them are abridged")
  func many() {
    let associations = (0..<9).map { number in
      var association = RuleExamples.association
      association.spi = SPI(rawValue: 0x1000 + UInt32(number))
      return association
    }
    let policy = RuleExamples.policy
    let text = PolicyListing([policy], associations: associations).block(policy)
    #expect(text.contains("uses SPI 0x00001000, 0x00001001, 0x00001002, and 6 more"))
  }

  @Test("a hundred thousand of each are put together without comparing each with each")
  func speed() {
    let associations = (0..<100_000).map { number in
      var association = RuleExamples.association
      association.requestID = UInt32(number)
      return association
    }
    let policies = associations.map { association in
      var policy = RuleExamples.policy
      policy.templates[0].requestID = association.requestID
      return policy
    }
    let start = ContinuousClock.now
    let relations = Relations(associations, policies)
    let found = policies.count { policy in
      relations.associations(for: policy.templates[0], of: policy).count == 1
    }
    #expect(found == 100_000)
    // Ten thousand million comparisons would take minutes.
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
