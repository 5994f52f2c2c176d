import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What the planner promises, held against a model of the kernel: after each step of a plan every
/// packet meets what it met before, what it will meet, or its end.
@Suite struct PrefixSafetyTests {
  @Test(arguments: 0..<40) func noStepLetsAnythingThrough(seed: Int) throws {
    var states = RandomStates(dice: Dice(seed: UInt64(seed)))
    for _ in 0..<8 {
      var model = KernelModel()
      var holdings = Holdings()
      var state = DesiredState()
      for generation in 1...4 as ClosedRange<UInt32> {
        // Policies that move past each other are what takes most care.
        state =
          generation == 3 ? states.reordered(state) : states.state(generation: generation)
        let old = model
        let plan = try Planner(
          state, on: model.snapshot(), holding: holdings, options: .everythingAllowed
        ).plan()
        var final = model
        var held = holdings
        try final.carryOut(plan, noting: &held)

        let allowed = RandomStates.packets.map { packet in
          let verdicts = [old.verdict(leaving: packet), final.verdict(leaving: packet), .dropped]
          let admitted = [old, final].contains { $0.admits(packet, through: []) }
          return (packet: packet, verdicts: Set(verdicts), isAdmitted: admitted)
        }
        try model.carryOut(plan, noting: &holdings) { step, present in
          for (packet, verdicts, isAdmitted) in allowed {
            let verdict = present.verdict(leaving: packet)
            if !verdicts.contains(verdict) || present.admits(packet, through: []) && !isAdmitted {
              Issue.record("seed \(seed), \(step.object): \(packet) is \(verdict)")
            }
          }
        }
        #expect(holdings == held)
        try expectArrival(at: state, of: model, holdings)
      }
    }
  }

  /// The kernel has what was wanted and no more, in the order that was wanted, and a second plan has
  /// nothing to do.
  private func expectArrival(
    at state: DesiredState, of model: KernelModel, _ holdings: Holdings
  ) throws {
    let again = try Planner(
      state, on: model.snapshot(), holding: holdings, options: .everythingAllowed
    ).plan()
    #expect(again.isEmpty, "\(again.steps.map(\.reason))")
    #expect(model.policies.count == state.policies.count)
    #expect(Set(model.associations.map(\.spi)) == Set(state.associations.map(\.association.spi)))
    for packet in RandomStates.packets {
      let first = state.policies.first {
        $0.policy.direction == .outgoing && $0.policy.selector.matches(packet)
      }
      let verdict = model.verdict(leaving: packet)
      switch first?.role {
      case nil, .bypass?: #expect(verdict == .clear)
      case .discard?, .guard?: #expect(verdict == .dropped)
      case .protect?:
        let entry = first?.name.entry
        let wanted = state.associations.first {
          $0.name.entry == entry && $0.direction == .outgoing
        }
        #expect(verdict == wanted.map { .protected([$0.association.id]) } ?? .dropped)
      }
    }
  }

  /// The control: with its steps in another order a plan lets packets through, and that is seen.
  @Test func anotherOrderIsFoundOut() throws {
    var leaks = 0
    for seed in 0..<40 as Range<UInt64> {
      var states = RandomStates(dice: Dice(seed: seed))
      var model = KernelModel()
      var holdings = Holdings()
      for generation in 1...3 as ClosedRange<UInt32> {
        let old = model
        var plan = try Planner(
          states.state(generation: generation), on: model.snapshot(), holding: holdings,
          options: .everythingAllowed
        ).plan()
        var final = model
        var held = holdings
        try final.carryOut(plan, noting: &held)
        plan.steps = plan.steps.filter { !$0.object.part.hasSuffix("-move") }
        let policies = plan.steps.filter(\.isAboutPolicies)
        plan.steps = plan.steps.filter { !$0.isAboutPolicies } + policies.reversed()
        try model.carryOut(plan, noting: &holdings) { _, present in
          leaks += RandomStates.packets.count { packet in
            present.verdict(leaving: packet) == .clear
              && old.verdict(leaving: packet) != .clear && final.verdict(leaving: packet) != .clear
          }
        }
        model = final
        holdings = held
      }
    }
    #expect(leaks > 0)
  }

  @Test(arguments: 0..<20) func whatIsExposedMustBeAllowed(seed: UInt64) throws {
    var states = RandomStates(dice: Dice(seed: seed))
    var refused = 0
    for _ in 0..<20 {
      var model = KernelModel()
      var holdings = Holdings()
      let first = try Planner(
        states.state(generation: 1), on: model.snapshot(), holding: holdings
      ).plan()
      try model.carryOut(first, noting: &holdings)
      let old = model
      do throws(PlanProblems) {
        let second = try Planner(
          states.state(generation: 2), on: model.snapshot(), holding: holdings
        ).plan()
        try? model.carryOut(second, noting: &holdings)
        // Whatever was not clear is not clear now.
        for packet in RandomStates.packets where old.verdict(leaving: packet) != .clear {
          #expect(model.verdict(leaving: packet) != .clear, "seed \(seed): \(packet)")
        }
        for packet in RandomStates.packets where !old.admits(packet, through: []) {
          #expect(!model.admits(packet, through: []), "seed \(seed): \(packet)")
        }
      } catch {
        refused += 1
        #expect(error.problems.allSatisfy { $0.kind == .cleartext })
      }
    }
    #expect(refused > 0)
  }
}

extension PlanStep {
  var isAboutPolicies: Bool {
    switch action {
    case .addPolicy, .replacePolicy, .deletePolicy: true
    default: false
    }
  }
}

extension PlanOptions {
  static var everythingAllowed: PlanOptions {
    var options = PlanOptions()
    options.cleartextAllowed = Set((0..<16).map { "e\($0)" } + ["default"])
    return options
  }
}
