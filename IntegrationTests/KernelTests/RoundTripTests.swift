import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// What a kernel lists is what it was asked for, field by field, whatever was in it.
  @Suite("Random objects through the kernel")
  struct RoundTripTests {
    @Test("SAs", Bed.needsESP, arguments: 0..<waves)
    func associations(wave: UInt64) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var dice = Dice(seed: 2_026 + wave << 32)
      let asked = (0..<Self.count).map { dice.validAssociation($0) }
      for association in asked {
        #expect(!association.findings.contains { $0.rule.severity == .refused })
      }
      let result = xfrm.perform(asked.map { .addAssociation($0) })
      for (association, outcome) in zip(asked, result.outcomes) where outcome != .accepted {
        Issue.record("\(outcome): \(association)")
      }
      let listed = Dictionary(
        try xfrm.associations().map { ($0.spi, $0) }, uniquingKeysWith: { first, _ in first })
      #expect(listed.count == asked.count)
      for association in asked {
        let stored = try #require(listed[association.spi])
        if stored.asAsked(association) != association {
          Issue.record("\(association)\nbecame\n\(stored)")
        }
        #expect(association.untaken(by: stored).isEmpty)
      }
    }

    @Test("policies", arguments: 0..<waves)
    func policies(wave: UInt64) throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var dice = Dice(seed: 2_027 + wave << 32)
      let asked = (0..<Self.count).map { dice.validPolicy($0) }
      for policy in asked {
        #expect(!policy.findings.contains { $0.rule.severity == .refused })
      }
      let result = xfrm.perform(asked.map { .addPolicy($0) })
      for (policy, outcome) in zip(asked, result.outcomes) where outcome != .accepted {
        Issue.record("\(outcome): \(policy)")
      }
      let listed = Dictionary(
        try xfrm.policies().map { ($0.selector.user, $0) }, uniquingKeysWith: { first, _ in first })
      #expect(listed.count == asked.count)
      for policy in asked {
        let stored = try #require(listed[policy.selector.user])
        if stored.asAsked(policy) != policy {
          Issue.record("\(policy)\nbecame\n\(stored)")
        }
        #expect(policy.untaken(by: stored).isEmpty)
      }
    }

    /// Of each kind in one namespace: a guest has little memory.
    private static let count = 2_500

    private static let waves: UInt64 = {
      if let waves = Bed.waves { return UInt64(waves) }
      return switch Bed.name {
      case "host": 8
      case "uml": 4
      default: 1
      }
    }()
  }
}

extension SecurityAssociation {
  /// Without what the kernel fills in where nothing was asked for.
  fileprivate func asAsked(_ asked: SecurityAssociation) -> SecurityAssociation {
    var copy = self
    if asked.selector == .unrestricted { copy.selector = asked.selector }
    if asked.replayState == nil { copy.replayState = nil }
    copy.usage = asked.usage
    return copy
  }
}

extension Policy {
  fileprivate func asAsked(_ asked: Policy) -> Policy {
    var copy = self
    copy.index = asked.index
    copy.usage = asked.usage
    return copy
  }
}
