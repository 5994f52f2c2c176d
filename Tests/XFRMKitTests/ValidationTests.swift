import TestSupport
import Testing

@testable import Netlink
@testable import XFRMKit

@Suite("Validation")
struct ValidationTests {
  @Test("what has no fault has no finding")
  func faultless() {
    #expect(RuleExamples.association.findings.isEmpty)
    #expect(RuleExamples.policy.findings.isEmpty)
    for proposal in ESPProposal.all {
      var association = RuleExamples.association
      association.aead = nil
      proposal.protect(&association)
      #expect(!association.findings.contains { $0.rule.severity == .refused })
    }
  }

  @Test(
    "an SA that breaks a rule is found out, before all else in the kernel's order",
    arguments: RuleExamples.refusedAssociations)
  func refusedAssociation(example: RuleExamples.Example<SecurityAssociation>) throws {
    let findings = example.object.findings
    #expect(findings.map(\.rule.id).contains(example.rule), "\(findings)")
    #expect(findings.first?.rule.severity == .refused)
  }

  @Test("a policy that breaks a rule is found out", arguments: RuleExamples.refusedPolicies)
  func refusedPolicy(example: RuleExamples.Example<Policy>) {
    let findings = example.object.findings
    #expect(findings.map(\.rule.id).contains(example.rule), "\(findings)")
    #expect(findings.contains { $0.rule.severity == .refused })
  }

  @Test("an unwise SA is found out, and is not refused", arguments: RuleExamples.unwiseAssociations)
  func unwiseAssociation(example: RuleExamples.Example<SecurityAssociation>) {
    let findings = example.object.findings
    #expect(findings.map(\.rule.id).contains(example.rule), "\(findings)")
    #expect(!findings.contains { $0.rule.severity == .refused }, "\(findings)")
  }

  @Test("an unwise policy is found out, and is not refused", arguments: RuleExamples.unwisePolicies)
  func unwisePolicy(example: RuleExamples.Example<Policy>) {
    let findings = example.object.findings
    #expect(findings.map(\.rule.id).contains(example.rule), "\(findings)")
    #expect(!findings.contains { $0.rule.severity == .refused }, "\(findings)")
  }

  @Test("every rule has an example, but those that only the kernel can know")
  func complete() {
    let examples = Set(
      (RuleExamples.refusedAssociations + RuleExamples.unwiseAssociations).map(\.rule)
        + (RuleExamples.refusedPolicies + RuleExamples.unwisePolicies).map(\.rule))
    let rules = SecurityAssociation.rules + Policy.rules
    let known = Set(rules.map(\.id))
    let kernelOnly = Set(rules.filter(\.isKernelOnly).map(\.id))
    #expect(known.subtracting(examples) == kernelOnly)
    #expect(kernelOnly.count == 9)
    #expect(examples.subtracting(known).isEmpty)
  }

  @Test("rules are told apart by their names, and say what to do")
  func rules() {
    let rules = SecurityAssociation.rules + Policy.rules + [DatabaseRules.sharedKey]
    #expect(Set(rules.map(\.id)).count == rules.count)
    for rule in rules {
      #expect(!rule.statement.isEmpty && !rule.remedy.isEmpty)
      // They are read on command lines, too, where nobody knows the library's names.
      #expect(!rule.remedy.contains(/[a-z][A-Z]|\(\)|:\)|initialiser/), "\(rule.remedy)")
      #expect((rule.severity == .refused) == (rule.errno != nil))
    }
  }

  @Test("a finding reads as a sentence")
  func text() throws {
    let example = try #require(RuleExamples.refusedAssociations.first { $0.rule == "S16.key" })
    let finding = try #require(example.object.findings.first)
    #expect(
      finding.explanation
        == "keys have the lengths that their algorithm takes; "
        + "AES-GCM keys are 20, 28 or 36 bytes including the 4-byte salt; this one has 16")
    #expect(finding.description.hasPrefix("S16.key: "))
    var policy = RuleExamples.policy
    policy.templates.append(policy.templates[0])
    policy.templates[1].requestID = 0
    #expect(policy.findings.map(\.part) == ["template 2"])
  }

  @Test("a refusal is matched to the rule that the kernel's words are about")
  func matching() throws {
    var association = RuleExamples.association
    association.direction = .outgoing
    association.replayWindow = 32
    association.flags.insert(.icmp)
    func rule(_ words: String?, _ errno: SystemErrno = .invalidArgument) -> String? {
      let refusal = KernelRefusal(errno: errno, explanation: words)
      return Operation.addAssociation(association).finding(for: refusal)?.rule.id
    }
    #expect(rule("Flag ICMP should not be set for output SA") == "S9.icmp")
    #expect(rule("Replay window should be 0 for output SA") == "S9.window")
    #expect(rule("pCPU number too big", .outOfRange) == "S11.cpu-number")
    #expect(rule("something that no kernel has said yet") == nil)
    #expect(rule(nil, .fileExists) == nil)
  }

  @Test("a key that two SAs share is found out, one that a kernel hides is not")
  func sharedKey() {
    let first = RuleExamples.association
    var second = first
    second.spi = 0x2002
    var third = second
    third.spi = 0x3003
    ESPProposal.aes256gcm16.protect(&third)
    let found = DatabaseRules.findings(in: [first, third, second])
    #expect(found.map(\.association.spi) == [0x2002])
    #expect(found.first?.finding.rule.id == "D.shared-key")
    #expect(DatabaseRules.findings(in: [first, third]).isEmpty)
    var hidden = first
    hidden.aead?.key = Secret([UInt8](repeating: 0, count: 36).span)
    #expect(DatabaseRules.findings(in: [hidden, hidden]).isEmpty)
  }
}

@Suite("Reading back")
struct ReadBackTests {
  @Test("what a kernel has as it was asked is taken")
  func taken() {
    var asked = RuleExamples.association
    asked.mark = Mark(0x101, mask: 0xff)
    asked.interfaceID = 0
    var stored = asked
    stored.selector = .any(.ipv4)
    stored.mark = Mark(1, mask: 0xff)
    stored.interfaceID = nil
    stored.replayState = ReplayState()
    stored.usage.addedAt = 7
    stored.flags.insert(.noPathMTUDiscovery)
    stored.iptfs.packetBytes = 0
    #expect(asked.untaken(by: stored).isEmpty)
    #expect(RuleExamples.policy.untaken(by: RuleExamples.policy).isEmpty)
  }

  @Test("names that mean the same are the same")
  func shortNames() {
    var asked = RuleExamples.association
    ESPProposal.aes256sha256.protect(&asked)
    asked.aead = nil
    var stored = asked
    asked.encryption?.name = "aes"
    asked.authentication?.name = "sha256"
    #expect(asked.untaken(by: stored).isEmpty)
    asked.authentication?.truncationBits = nil
    stored.authentication?.truncationBits = 96
    #expect(asked.untaken(by: stored).isEmpty)
    asked.authentication?.truncationBits = 128
    #expect(asked.untaken(by: stored).map(\.property) == ["authentication"])
  }

  @Test("what is missing or another is told, without the key")
  func untaken() throws {
    var asked = RuleExamples.association
    asked.direction = .incoming
    asked.cpu = 3
    asked.offload = SecurityAssociation.Offload(interfaceIndex: 1, flags: [])
    var stored = asked
    stored.direction = nil
    stored.cpu = nil
    stored.offload = nil
    stored.requestID = 8
    stored.aead?.key = .random(count: 36)
    let untaken = asked.untaken(by: stored)
    #expect(
      untaken.map(\.property) == ["requestID", "aead", "direction", "offload", "cpu"])
    let key = try #require(untaken.first { $0.property == "aead" })
    #expect(key.asked == "rfc4106(gcm(aes)) <36 secret bytes>")
    #expect(key.stored == "another")
    let direction = try #require(untaken.first { $0.property == "direction" })
    #expect("\(direction)" == "direction: in was asked for, the kernel has none")
  }

  @Test("a policy that was replaced meanwhile is told")
  func policy() {
    var stored = RuleExamples.policy
    stored.priority = 5
    stored.templates[0].requestID = 9
    #expect(RuleExamples.policy.untaken(by: stored).map(\.property) == ["priority", "templates"])
  }
}
