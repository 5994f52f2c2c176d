import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// What is to go and is gone already by the time of its step: it reached a limit, or somebody has
/// deleted it.
@Suite("What is gone already")
struct GoneObjectTests {
  /// A kernel that loses objects just before it is asked for the first deletion.
  private struct LosingKernel: Databases {
    var model: KernelModel
    var losses: [XFRMKit.Operation]
    /// What is refused instead of being carried out, by a deletion.
    var refusal: SystemErrno?

    mutating func perform(_ operation: XFRMKit.Operation) throws(XFRMError) {
      if case .deleteAssociation = operation { try lose() }
      if case .deletePolicy = operation {
        try lose()
        if let refusal { throw XFRMError(operation, .refused(KernelRefusal(errno: refusal))) }
      }
      try model.perform(operation)
    }

    private mutating func lose() throws(XFRMError) {
      for loss in losses { try model.perform(loss) }
      losses = []
    }

    mutating func performUntilRefusal(_ operations: [XFRMKit.Operation]) -> BatchResult {
      var result = BatchResult()
      for operation in operations {
        guard result.isAccepted else {
          result.outcomes.append(.notSent)
          continue
        }
        do throws(XFRMError) {
          try perform(operation)
          result.outcomes.append(.accepted)
        } catch {
          result.outcomes.append(error.refusal.map { .refused($0) } ?? .notSent)
        }
      }
      return result
    }

    func association(_ id: SecurityAssociationID) throws(XFRMError) -> SecurityAssociation {
      try model.association(id)
    }
    func policy(_ key: PolicyKey) throws(XFRMError) -> Policy { try model.policy(key) }
    func snapshot() -> KernelSnapshot { model.snapshot() }
  }

  /// A way from one configuration to another that takes SAs and policies away.
  private struct Way {
    var start = Machine()
    var goal: DesiredState
    var steps: [PlanStep]

    init(_ seed: UInt64) throws {
      var states = RandomStates(dice: Dice(seed: seed))
      try start.apply(states.state(generation: 1))
      goal = states.state(generation: 2)
      steps = try Planner(
        goal, on: start.kernel.snapshot(), holding: Journal(start.bytes).holdings,
        options: .everythingAllowed
      ).plan().steps
    }

    var deletions: [XFRMKit.Operation] {
      steps.compactMap { step in
        switch step.action {
        case .deleteAssociation(let held, _): .deleteAssociation(held.id)
        case .deletePolicy(let held, _): .deletePolicy(held.key)
        default: nil
        }
      }
    }

    func executor(
      losing losses: [XFRMKit.Operation], refusal: SystemErrno? = nil
    ) -> Executor<LosingKernel, MortalJournal, NoHost, RandomKeys> {
      Executor(
        kernel: LosingKernel(model: start.kernel, losses: losses, refusal: refusal),
        journal: MortalJournal(bytes: start.bytes, life: Life(left: nil)), host: NoHost(),
        keys: RandomKeys())
    }
  }

  @Test("it is done all the same, with all that is behind it", arguments: 0..<24 as Range<UInt64>)
  func gone(seed: UInt64) throws {
    let way = try Way(seed)
    let all = way.deletions
    for losses in all.map({ [$0] }) + [all, Array(all.dropFirst()), all.suffix(1)] {
      var executor = way.executor(losing: losses)
      try executor.carryOut(way.steps)
      let left = try Planner(
        way.goal, on: executor.kernel.snapshot(),
        holding: Journal(executor.journal.bytes).holdings, options: .everythingAllowed
      ).plan()
      #expect(left.isEmpty, "seed \(seed)")
      #expect(executor.kernel.model.policies.count == way.goal.policies.count)
      #expect(executor.kernel.model.associations.count == way.goal.associations.count)
      // Nothing of it is ours any more.
      let held = try Journal(executor.journal.bytes).holdings
      #expect(held.policies.count == way.goal.policies.count)
      #expect(held.associations.count == way.goal.associations.count)
    }
  }

  @Test("any other refusal of a deletion stops it, and so does what is to be changed and is gone")
  func refused() throws {
    var stops = 0
    for seed in 0..<12 as Range<UInt64> {
      let way = try Way(seed)
      let hasPolicies = way.deletions.contains {
        if case .deletePolicy = $0 { true } else { false }
      }
      var executor = way.executor(losing: [], refusal: .notPermitted)
      let isDone = (try? executor.carryOut(way.steps)) != nil
      #expect(isDone == !hasPolicies)
      stops += isDone ? 0 : 1
    }
    #expect(stops > 0)

    let association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: 0x1001, mode: .tunnel)
    let entry = AssociationEntry(
      ObjectName("a", "out"), .outgoing, association, .esp(.aes256gcm16), key: nil)
    var executor = Executor(
      kernel: LosingKernel(model: KernelModel(), losses: []),
      journal: MortalJournal(bytes: Machine().bytes, life: Life(left: nil)), host: NoHost(),
      keys: RandomKeys())
    let update = PlanStep(
      .inboundAssociations, entry.name,
      .updateAssociation(entry, try #require(Tag(slot: 1))), because: "")
    #expect(throws: ApplyFailure.self) { try executor.carryOut([update]) }
  }
}
