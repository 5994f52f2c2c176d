import TestSupport

@testable import XFRMConfig
@testable import XFRMKit

/// A kernel and a journal, and a process between them that may die.
struct Machine {
  var kernel = KernelModel()
  var bytes = JournalRecord.opened(boot: "b", namespace: 1, cookie: nil).line.bytes
  /// How many more writes and operations the process lives for; `nil` for ever.
  var lifetime: Int?
  /// How many more operations the kernel carries out before it refuses one; `nil` if it does not.
  var patience: Int?

  mutating func apply(
    _ state: DesiredState, check: @escaping (KernelModel) -> Void = { _ in }
  ) throws {
    try undertake(state, check: check) { plan, _ in
      .whole(plan, to: "target", from: nil)
    }
  }

  /// Does what is to be done for a configuration, by nothing but what journal and kernel tell.
  mutating func undertake(
    _ state: DesiredState, check: @escaping (KernelModel) -> Void = { _ in },
    _ undertaking: (Plan, Journal) -> Undertaking
  ) throws {
    bytes.removeLast(bytes.count - Journal.wholeLines(bytes))
    let journal = try Journal(bytes)
    let plan = try Planner(
      state, on: kernel.snapshot(), holding: journal.holdings, options: .everythingAllowed
    ).plan()
    let undertaking = undertaking(plan, journal)
    let life = Life(left: lifetime)
    var executor = Executor(
      kernel: MortalKernel(model: kernel, life: life, patience: patience, check: check),
      journal: MortalJournal(bytes: bytes, life: life), host: NoHost(),
      keys: RandomKeys())
    defer {
      kernel = executor.kernel.model
      bytes = executor.journal.bytes
    }
    try executor.journal.append(undertaking.before)
    try executor.carryOut(undertaking.steps)
    try executor.journal.append(undertaking.after)
  }
}

final class Life {
  private var left: Int?
  init(left: Int?) { self.left = left }

  /// Whether there is still life for one more deed.
  func isLeft() -> Bool {
    guard let left else { return true }
    self.left = left - 1
    return left > 0
  }
}

struct MortalKernel: Databases {
  var model: KernelModel
  var life: Life
  var patience: Int?
  var check: (KernelModel) -> Void

  mutating func perform(_ operation: XFRMKit.Operation) throws(XFRMError) {
    guard life.isLeft() else { throw XFRMError(operation, .timedOut) }
    defer { patience = patience.map { $0 - 1 } }
    if patience == 0 {
      throw XFRMError(operation, .refused(KernelRefusal(errno: .noMemory)))
    }
    try model.perform(operation)
    check(model)
  }

  /// What the client sends together is tried together, whatever becomes of what is before it; the
  /// process dies before it takes anything back.
  mutating func performUntilRefusal(_ operations: [XFRMKit.Operation]) -> BatchResult {
    var result = BatchResult()
    var rest = operations[...]
    while !rest.isEmpty, result.isAccepted {
      let together = rest.prefix(max(1, rest.prefix { $0.isRevocable }.count))
      rest = rest.dropFirst(together.count)
      for operation in together {
        do throws(XFRMError) {
          try perform(operation)
          result.outcomes.append(.accepted)
        } catch {
          guard let refusal = error.refusal else {
            result.failure = error
            return result
          }
          result.outcomes.append(.refused(refusal))
        }
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

struct MortalJournal: JournalWriter {
  var bytes: [UInt8]
  var life: Life

  mutating func append(_ records: [JournalRecord]) throws(StoreProblem) {
    guard !records.isEmpty else { return }
    let new = records.flatMap { $0.line.bytes }
    guard life.isLeft() else {
      // Cut off in the midst of it.
      bytes += new.prefix(new.count / 2)
      throw StoreProblem("journal", "no more")
    }
    bytes += new
  }
}

struct RandomKeys: KeyGate {
  func admit(_ entries: [AssociationEntry]) throws(KeyProblem) -> [SecurityAssociation] {
    entries.compactMap { $0.keyed(with: .random(count: $0.protection.keyBytes)) }
  }

  func noteInstalled() {}
}

struct NoHost: HostSettings {
  func add(_ interface: InterfaceEntry) {}
  func delete(_ interface: InterfaceEntry) {}
  func delete(_ address: IPPrefix, from interface: InterfaceEntry, keeping routes: [RouteEntry]) {}
  func add(_ guard: RouteGuard) {}
  func delete(_ guard: RouteGuard) {}
  func lacking(_ guards: [RouteGuard]) -> [RouteGuard] { [] }
  func add(_ route: RouteEntry, replacing old: RouteEntry?) {}
  func delete(_ route: RouteEntry) {}
  func ineffective(_ routes: [RouteEntry]) -> [RouteEntry] { [] }
  func change(_ setting: SettingEntry) {}
  func wait(_ duration: Duration) {}
}
