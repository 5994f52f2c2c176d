internal import XFRMKit

/// Carries plans out, and writes down what it is about to do before it does it.
///
/// It stops at the first thing that goes wrong and leaves the kernel there: since a plan is safe
/// after each of its steps, that is a place to stay, and to make the next plan from. That what is to
/// go is gone already is nothing that goes wrong: SAs have limits, and others can delete, too.
struct Executor<
  Kernel: Databases & ~Copyable, Journal: JournalWriter & ~Copyable, Host: HostSettings,
  Keys: KeyGate & ~Copyable
>: ~Copyable {
  var kernel: Kernel
  var journal: Journal
  var host: Host
  var keys: Keys

  /// - Parameter progress: Called with the number of steps that are done.
  mutating func carryOut(
    _ steps: [PlanStep], progress: (Int) -> Void = { _ in }
  ) throws(ApplyFailure) {
    var done = 0
    for chunk in steps.chunks {
      try write(chunk.compactMap(\.record))
      try carryOut(chunk: chunk, of: steps)
      try write([.done])
      done += chunk.count
      progress(done)
    }
  }

  private mutating func carryOut(
    chunk: ArraySlice<PlanStep>, of all: [PlanStep]
  ) throws(ApplyFailure) {
    let entries = chunk.compactMap(\.addedAssociation)
    var keyed: ArraySlice<SecurityAssociation>
    do throws(KeyProblem) { keyed = try keys.admit(entries)[...] } catch {
      throw .noKey(entries.first?.name ?? .host, error)
    }
    var operations: [(step: PlanStep, operation: Operation)] = []
    for step in chunk {
      // They were admitted in this order.
      let operation = step.action.operation { keyed.popFirst() ?? $0.association }
      if let operation { operations.append((step, operation)) }
    }
    for run in operations.map(\.operation).runs { try perform(operations[run]) }
    do throws(StoreProblem) { try keys.noteInstalled() } catch { throw .journal(error) }
    for step in chunk { try carryOut(step, of: all) }
  }

  private mutating func perform(
    _ operations: ArraySlice<(step: PlanStep, operation: Operation)>
  ) throws(ApplyFailure) {
    var rest = operations
    while !rest.isEmpty {
      let result = kernel.performUntilRefusal(rest.map(\.operation))
      var gone: Int?
      for (place, outcome) in zip(rest.indices, result.outcomes) {
        guard case .refused(let refusal) = outcome else { continue }
        let error = XFRMError(rest[place].operation, .refused(refusal))
        guard rest[place].operation.isDeletion, error.cause == .missing else {
          throw .refused(rest[place].step.object, error)
        }
        gone = gone ?? place
      }
      if let failure = result.failure { throw .unreachable(failure) }
      // Nothing behind it was sent: a deletion shares its datagram with nothing.
      rest = gone.map { rest[($0 + 1)...] } ?? []
    }
  }

  /// What is no matter of the databases.
  private mutating func carryOut(_ step: PlanStep, of all: [PlanStep]) throws(ApplyFailure) {
    if case .verify = step.action { return try verify(all) }
    if case .wait(let duration) = step.action { return try drain(duration, all) }
    do throws(HostProblem) {
      switch step.action {
      case .addInterface(let entry), .changeInterface(let entry): try host.add(entry)
      case .deleteAddress(let address, let entry, let routes, isThere: true):
        try host.delete(address, from: entry, keeping: routes)
      case .deleteInterface(let entry, isThere: true): try host.delete(entry)
      case .addRoute(let entry, let old): try host.add(entry, replacing: old)
      case .deleteRoute(let entry, isThere: true): try host.delete(entry)
      case .addRouteGuard(let entry): try host.add(entry)
      case .deleteRouteGuard(let entry, isThere: true): try host.delete(entry)
      case .change(let entry, _): try host.change(entry)
      default: break
      }
    } catch {
      throw .host(step.object, error)
    }
  }

  private mutating func write(_ records: [JournalRecord]) throws(ApplyFailure) {
    guard !records.isEmpty else { return }
    do throws(StoreProblem) { try journal.append(records) } catch { throw .journal(error) }
  }
}

extension [PlanStep] {
  /// Runs of steps that stand in the journal together: of one phase, and not too many.
  fileprivate var chunks: [ArraySlice<PlanStep>] {
    var chunks: [ArraySlice<PlanStep>] = []
    var start = startIndex
    for index in indices where index > start {
      if self[index].phase != self[start].phase || index - start == 256 {
        chunks.append(self[start..<index])
        start = index
      }
    }
    if start < endIndex { chunks.append(self[start...]) }
    return chunks
  }
}

extension [XFRMKit.Operation] {
  /// What may be on its way to the kernel at the same time, which goes on behind what it refuses: no
  /// two policies of which one is stronger for some packet. Those never have the same priority.
  fileprivate var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    var priorities: [Policy.Direction: UInt32] = [:]
    var start = 0
    for (index, operation) in enumerated() {
      guard case .addPolicy(let policy) = operation else { continue }
      if let other = priorities[policy.direction], other != policy.priority {
        runs.append(start..<index)
        start = index
        priorities = [:]
      }
      priorities[policy.direction] = policy.priority
    }
    return runs + [start..<count]
  }
}

extension XFRMKit.Operation {
  /// Whether it is done where there is nothing that it could be done to. To change what is not there
  /// is another matter.
  fileprivate var isDeletion: Bool {
    switch self {
    case .deleteAssociation, .deletePolicy: true
    default: false
    }
  }
}

extension PlanStep {
  var addedAssociation: AssociationEntry? {
    if case .addAssociation(let entry, _) = action { entry } else { nil }
  }

  /// What the journal says of it before it is done.
  var record: JournalRecord? {
    switch action {
    case .addAssociation(let entry, let tag), .updateAssociation(let entry, let tag):
      .puttingAssociation(
        tag,
        HeldAssociation(
          entry.name, entry.direction, entry.association.id,
          keyFingerprint: entry.keyFingerprint ?? ""))
    case .deleteAssociation(_, let tag): .deletingAssociation(tag)
    case .addPolicy(let policy, let role, let tag), .replacePolicy(let policy, let role, let tag):
      .puttingPolicy(tag, HeldPolicy(object, role, policy.key))
    case .deletePolicy(_, let tag): .deletingPolicy(tag)
    case .addInterface(let entry), .changeInterface(let entry): .puttingInterface(entry)
    case .deleteAddress(let address, let entry, _, _): .deletingAddress(address, of: entry.name)
    case .deleteInterface(let entry, _): .deletingInterface(entry.name)
    case .addRoute(let entry, _): .puttingRoute(entry)
    case .deleteRoute(let entry, _): .deletingRoute(entry)
    case .addRouteGuard(let entry): .puttingRouteGuard(entry)
    case .deleteRouteGuard(let entry, _): .deletingRouteGuard(entry)
    case .change(let entry, let old): .changingSetting(entry, from: old ?? "")
    case .setDefaultActions(_, let old): .changingDefaults(from: old)
    case .verify, .wait: nil
    }
  }
}
