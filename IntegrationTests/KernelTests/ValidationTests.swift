import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// What the validator says against what the kernel does.
  @Suite("Validation and the kernel")
  struct ValidationTests {
    /// The kernel's refusal and the rule that it is matched to.
    @Test("what the validator says is refused is refused, for that reason", Bed.needsESP)
    func refusedAssociations() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var tried = 0
      for example in RuleExamples.refusedAssociations where Bed.isAtLeast(example.since) {
        do {
          try xfrm.add(example.object)
          Issue.record("accepted in spite of \(example.rule)")
        } catch {
          expect(error, is: example.rule)
        }
        tried += 1
      }
      #expect(tried >= 30)
      #expect(try xfrm.sadInfo().count == 0)
      try xfrm.add(RuleExamples.association)
      #expect(try xfrm.untaken(of: RuleExamples.association).isEmpty)
    }

    @Test("what the validator says of policies is refused, for that reason")
    func refusedPolicies() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      for example in RuleExamples.refusedPolicies where Bed.isAtLeast(example.since) {
        // Kernels built without offload do not look at it.
        if example.rule == "P9.offload", Bed.name == "host" { continue }
        do {
          try xfrm.add(example.object)
          Issue.record("accepted in spite of \(example.rule)")
        } catch {
          expect(error, is: example.rule)
        }
      }
      #expect(try xfrm.spdInfo().count == 0)
      try xfrm.add(RuleExamples.policy)
      #expect(try xfrm.untaken(of: RuleExamples.policy).isEmpty)
    }

    @Test("what is called unwise is accepted", Bed.needsESP)
    func unwiseAssociations() throws {
      // Mixed families cannot be expressed; ciphers and the draft are not in every kernel.
      let left: Set = [
        "D.families", "D.forbidden", "D.discouraged", "D.encapsulation-draft",
      ]
      for example in RuleExamples.unwiseAssociations where !left.contains(example.rule) {
        var xfrm = try XFRMClient(in: try NetworkNamespace.create())
        #expect(throws: Never.self, "\(example.rule)") { try xfrm.add(example.object) }
      }
    }

    @Test("what is called unwise of policies is accepted")
    func unwisePolicies() throws {
      for example in RuleExamples.unwisePolicies {
        var xfrm = try XFRMClient(in: try NetworkNamespace.create())
        #expect(throws: Never.self, "\(example.rule)") { try xfrm.add(example.object) }
      }
    }

    @Test("what an update or an older kernel leaves out is told", Bed.needsESP)
    func readBack() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      var association = RuleExamples.association
      association.direction = .incoming
      association.natKeepaliveSeconds = nil
      try xfrm.add(association)
      let missing = try xfrm.untaken(of: association).map(\.property)
      #expect(missing == (Bed.isAtLeast((6, 10)) ? [] : ["direction"]))

      if !Bed.isAtLeast((6, 10)) { association.direction = nil }
      association.lifetime.hard.packets = 9
      association.flags.insert(.noECN)
      ESPProposal.aes256gcm16.protect(&association)
      try xfrm.update(association)
      #expect(try xfrm.untaken(of: association).map(\.property) == ["aead", "flags"])
    }

    private func expect(_ error: XFRMError, is rule: String) {
      switch error.cause {
      case .breach(let finding): #expect(finding.rule.id == rule, "\(error)")
      // These say the same by another name.
      case .keyLength: #expect(rule == "S16.key", "\(error)")
      case .truncation: #expect(rule == "S12.truncation", "\(error)")
      case .noMode: #expect(rule == "S14.route-family", "\(error)")
      case .noAlgorithm: #expect(rule == "S16.check-value", "\(error)")
      default: Issue.record("\(rule): \(error)")
      }
    }
  }
}
