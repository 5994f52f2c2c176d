import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What there is before the network is: it lets nothing through that the whole does not, and the
/// whole follows it without a gap.
@Suite struct GuardsTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func nothingIsSeenThatIsProtectedLater(seed: UInt64) throws {
    var states = RandomStates(dice: Dice(seed: seed))
    for _ in 0..<8 {
      let state = states.state(generation: 1)
      var guards = KernelModel()
      var holdings = Holdings()
      // What passes in clear from here on does so before, too.
      try guards.carryOut(
        Planner(
          state.guardsOnly, on: guards.snapshot(), holding: holdings, options: .everythingAllowed
        ).plan(), noting: &holdings)
      #expect(guards.associations.isEmpty && guards.policies.allSatisfy(\.templates.isEmpty))

      var whole = guards
      // Nothing has to be allowed.
      let plan = try Planner(state, on: guards.snapshot(), holding: holdings).plan()
      var held = holdings
      try whole.carryOut(plan, noting: &held)
      for packet in RandomStates.packets where !state.leavesUnguarded(packet) {
        let (first, last) = (guards.verdict(leaving: packet), whole.verdict(leaving: packet))
        #expect(first == .dropped || first == last, "seed \(seed): \(packet) is \(first)")
      }
      try guards.carryOut(plan, noting: &holdings) { step, present in
        for packet in RandomStates.packets where whole.verdict(leaving: packet) == .dropped {
          if present.verdict(leaving: packet) != .dropped, !state.leavesUnguarded(packet) {
            Issue.record("seed \(seed), \(step.object): \(packet) is let through")
          }
        }
      }
    }
  }

  /// Nothing of them has to be in the ledger, and of what they make room for everything has, as soon
  /// as packets may be led to an SA that a run left behind which was cut short.
  @Test func noLedgerIsNeeded() throws {
    var (guards, protecting) = (0, 0)
    for seed in 0..<40 as Range<UInt64> {
      var states = RandomStates(dice: Dice(seed: seed))
      var state = states.state(generation: 1)
      func plan(_ state: DesiredState) throws -> Plan {
        try Planner(
          state, on: KernelModel().snapshot(), holding: Holdings(), options: .everythingAllowed
        ).plan()
      }
      let bare = try plan(state.guardsOnly)
      guards += bare.steps.count
      #expect(!bare.needsLedger)
      // Their SAs are there already.
      state.associations = []
      let leads = state.policies.contains { !$0.policy.templates.isEmpty }
      #expect(try plan(state).needsLedger == leads)
      protecting += leads ? 1 : 0
    }
    #expect(guards > 40 && protecting > 10)
  }

  /// Where the kernel has lost some of the whole they come into the gaps, and nothing of what is left
  /// goes, above all no SA whose key was used.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func guardsFillGaps(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    var states = RandomStates(dice: dice)
    let state = states.state(generation: 1)
    var (model, holdings) = (KernelModel(), Holdings())
    try model.carryOut(
      Planner(state, on: model.snapshot(), holding: holdings, options: .everythingAllowed).plan(),
      noting: &holdings)
    let lost = model.policies.filter { _ in dice.chance(50) }
    for policy in lost { try model.perform(.deletePolicy(policy.key)) }
    let (associations, left) = (model.associations, model.policies.filter { !$0.templates.isEmpty })
    try model.carryOut(
      Planner(
        state.guardsOnly, on: model.snapshot(), holding: holdings, options: .everythingAllowed
      ).plan(), noting: &holdings)
    #expect(model.associations == associations)
    #expect(
      left.allSatisfy { old in
        model.policies.contains { $0.key == old.key && $0.templates == old.templates }
      })
    for packet in RandomStates.packets where state.isGuarded(packet) {
      #expect(model.verdict(leaving: packet) != .clear, "seed \(seed): \(packet)")
    }
  }

  /// A configuration that was tried where guards were all that there was goes as a whole.
  @Test func nothingOfATrialStays() throws {
    var tried = 0
    for seed in 0..<10 as Range<UInt64> {
      var states = RandomStates(dice: Dice(seed: seed))
      let state = states.state(generation: 1)
      let goal = Journal.UnderWay(target: "trial", origin: "guards").restored(to: state.guardsOnly)
      var (model, holdings) = (KernelModel(), Holdings())
      for wanted in [state.guardsOnly, state, goal] {
        tried += model.associations.count
        try model.carryOut(
          Planner(wanted, on: model.snapshot(), holding: holdings, options: .everythingAllowed)
            .plan(), noting: &holdings)
      }
      #expect(model.associations.isEmpty && model.policies.allSatisfy(\.templates.isEmpty))
    }
    #expect(tried > 0)
  }

  /// The control: guards by themselves would let packets through that a policy between them and
  /// what passes in clear protects.
  @Test func guardsAloneAreFoundOut() throws {
    var leaks = 0
    for seed in 0..<40 as Range<UInt64> {
      var states = RandomStates(dice: Dice(seed: seed))
      let state = states.state(generation: 1)
      var bare = state.guardsOnly
      let protecting = Set(state.policies.filter { $0.role == .protect }.map(\.name))
      bare.policies.removeAll { protecting.contains($0.name) }
      var (model, holdings) = (KernelModel(), Holdings())
      try model.carryOut(
        Planner(bare, on: model.snapshot(), holding: holdings, options: .everythingAllowed).plan(),
        noting: &holdings)
      leaks += RandomStates.packets.count {
        model.verdict(leaving: $0) == .clear && state.isGuarded($0)
      }
    }
    #expect(leaks > 0)
  }
}

extension DesiredState {
  private func first(_ packet: PacketFlow) -> PolicyEntry? {
    policies.first { $0.policy.direction == .outgoing && $0.policy.selector.matches(packet) }
  }

  private func hasGuard(_ entry: PolicyEntry) -> Bool {
    policies.contains { $0.role == .guard && $0.name.entry == entry.name.entry }
  }

  /// Whether what protects a packet asked for no guard.
  fileprivate func leavesUnguarded(_ packet: PacketFlow) -> Bool {
    first(packet).map { $0.role == .protect && !hasGuard($0) } ?? false
  }

  /// Whether what protects a packet has a guard.
  fileprivate func isGuarded(_ packet: PacketFlow) -> Bool {
    first(packet).map { $0.role == .protect && hasGuard($0) } ?? false
  }
}
