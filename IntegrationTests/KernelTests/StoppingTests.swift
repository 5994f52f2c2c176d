import Testing
import XFRMKit

extension Kernel {
  /// Many changes that end at the first refusal.
  @Suite("Until a refusal")
  struct StoppingTests {
    private static func allowing(_ number: Int) -> Policy {
      var policy = numberedPolicy(number)
      policy.action = .allow
      return policy
    }

    /// 700 additions, of which the one with this number is there already.
    private static func additions(taken: Int?) throws -> (
      policies: [Policy], outcomes: [RequestOutcome]
    ) {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      if let taken { try xfrm.add(numberedPolicy(taken)) }
      var reported: [RequestOutcome] = []
      let result = xfrm.performUntilRefusal((0..<700).map { .addPolicy(numberedPolicy($0)) }) {
        #expect($0 == reported.count)
        reported.append($1)
      }
      #expect(result.failure == nil)
      #expect(result.outcomes == reported)
      #expect(result.outcomes.count == 700)
      return (try xfrm.policies(), result.outcomes)
    }

    @Test("all is done where there is none")
    func control() throws {
      let (policies, outcomes) = try Self.additions(taken: nil)
      #expect(policies.count == 700)
      #expect(outcomes.allSatisfy { $0 == .accepted })
    }

    @Test(
      "nothing behind it remains, wherever in a datagram it was",
      arguments: [0, 1, 300, 510, 511, 512, 513, 699])
    func refused(taken: Int) throws {
      let (policies, outcomes) = try Self.additions(taken: taken)
      #expect(policies.count == taken + 1)
      let wanted = Set((0...taken).map { numberedPolicy($0).key })
      #expect(Set(policies.map(\.key)) == wanted)
      #expect(outcomes.prefix(taken).allSatisfy { $0 == .accepted })
      guard case .refused(let refusal) = outcomes[taken] else {
        Issue.record("\(outcomes[taken])")
        return
      }
      #expect(refusal.errno == .fileExists)
      #expect(outcomes.dropFirst(taken + 1).allSatisfy { $0 == .notSent })
    }

    @Test("what would let packets out in clear, or cannot be undone, waits")
    func waiting() throws {
      let namespace = try NetworkNamespace.create()
      var xfrm = try XFRMClient(in: namespace)
      var optional = Self.allowing(4)
      var template = Template(
        from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: .tunnel, requestID: 5)
      template.isOptional = true
      optional.templates = [template]
      var changed = numberedPolicy(2)
      changed.priority = 9
      for behind: Operation in [
        .addPolicy(Self.allowing(3)), .addPolicy(optional), .updatePolicy(changed),
        .deletePolicy(numberedPolicy(2).key), .flushPolicies(.main),
      ] {
        try xfrm.flushPolicies()
        try xfrm.add(numberedPolicy(1))
        try xfrm.add(numberedPolicy(2))
        var monitor = try NetlinkMonitor(.xfrm, groups: [4], in: namespace)
        let result = xfrm.performUntilRefusal([.addPolicy(numberedPolicy(1)), behind])
        #expect(result.outcomes.last == .notSent)
        #expect(try xfrm.policies().count == 2)
        // Not even for a moment.
        #expect(try !monitor.next(milliseconds: 0) { _ in }, "\(behind)")
      }
      // What is announced of additions that are taken back shows that one would have been.
      var monitor = try NetlinkMonitor(.xfrm, groups: [4], in: namespace)
      _ = xfrm.performUntilRefusal(
        [.addPolicy(numberedPolicy(1)), .addPolicy(numberedPolicy(5))])
      #expect(try monitor.next(milliseconds: 0) { _ in })
      #expect(try xfrm.policies().count == 2)
    }

    @Test("SAs are taken back, too", Bed.needsESP)
    func associations() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      try xfrm.add(numberedAssociation(2))
      let result = xfrm.performUntilRefusal(
        (0..<5).map { .addAssociation(numberedAssociation($0)) })
      #expect(result.outcomes.map { $0 == .accepted } == [true, true, false, false, false])
      #expect(try xfrm.associations().count == 3)
    }

    @Test("an SA without an SPI, which nothing finds again, waits", Bed.needsESP)
    func withoutSPI() throws {
      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      try xfrm.add(numberedAssociation(2))
      var unfindable = numberedAssociation(3)
      unfindable.spi = 0
      let result = xfrm.performUntilRefusal(
        [.addAssociation(numberedAssociation(2)), .addAssociation(unfindable)])
      #expect(result.outcomes.last == .notSent)
      #expect(try xfrm.associations().map(\.spi) == [numberedAssociation(2).spi])
    }
  }
}
