internal import Glibc
public import XFRMKit

extension Manager {
  /// Fetches the key material of an SA that is about to be added.
  public typealias Keys = (AssociationEntry) throws(KeyProblem) -> Secret

  /// Makes the kernel as a configuration has it.
  ///
  /// - Parameters:
  ///   - configuration: It is kept in the history.
  ///   - desired: What it comes to.
  ///   - options: How to go about it.
  ///   - saved: A plan that was made before, by its fingerprints: nothing is done if it would be
  ///     another one now.
  ///   - trial: That it has to be confirmed; `nil` if it stays without.
  ///   - keys: Fetches the key of an SA when it is about to be added.
  ///   - begin: Called with the plan before anything of it is done.
  ///   - progress: Called with the number of steps that are done.
  /// - Returns: What was done; nothing if the kernel was so already.
  public func apply(
    _ configuration: RecordedConfiguration, _ desired: DesiredState,
    options: PlanOptions = PlanOptions(), expecting saved: SavedPlan.Marks? = nil,
    trial: Trial? = nil, keys: @escaping Keys, begin: (PreparedPlan) -> Void = { _ in },
    progress: (Int) -> Void = { _ in }
  ) throws(ManagerFailure) -> PreparedPlan {
    let journal = try openJournal()
    let origin = journal.journal.committed
    if trial != nil, let underWay = journal.journal.underWay { throw .unfinished(underWay.target) }
    var client = try client()
    let snapshot = try survey(&client, desired, journal.journal.holdings)
    let prepared: PreparedPlan
    do throws(ManagerFailure) {
      prepared = try Self.plan(desired, snapshot, journal.journal, options)
    } catch {
      // A saved plan was one; if there is none now, something has moved.
      if saved != nil, case .noPlan = error { throw .moved }
      throw error
    }
    if let saved, saved != prepared.marks { throw .moved }
    begin(prepared)
    let isCommitted =
      journal.journal.underWay == nil && journal.journal.committed == configuration.id
    guard !prepared.plan.isEmpty || !isCommitted else { return prepared }
    do throws(StoreProblem) {
      try history.add(
        configuration, at: WallClock.now, keeping: journal.journal.configurations)
    } catch {
      throw .store(error)
    }
    let undertaking: Undertaking =
      if let trial, !prepared.plan.isEmpty {
        .trial(prepared.plan, to: configuration.id, from: origin, until: trial.deadline)
      } else {
        .whole(prepared.plan, to: configuration.id, from: origin)
      }
    try carryOut(
      undertaking, client, journal, try admitting(keys, snapshot), watch: trial?.watch, progress)
    return prepared
  }

  /// Keys pass through the ledger, which is told what the kernel has now.
  func admitting(
    _ keys: @escaping Keys, _ snapshot: KernelSnapshot
  ) throws(ManagerFailure) -> LedgeredKeys {
    do throws(StoreProblem) {
      return LedgeredKeys(
        keys,
        try Ledger.open(
          in: stateFolder, for: KernelRun(boot: boot, namespace: inode),
          present: snapshot.associations))
    } catch {
      throw .store(error)
    }
  }

  func carryOut(
    _ undertaking: Undertaking, _ client: consuming XFRMClient,
    _ journal: consuming JournalFile, _ keys: consuming LedgeredKeys,
    watch: ((Pending) throws(HostProblem) -> Void)? = nil, _ progress: (Int) -> Void
  ) throws(ManagerFailure) {
    let steps = undertaking.steps
    let origin = journal.journal.committed
    do throws(StoreProblem) {
      try journal.reserve(steps: steps.count)
      try journal.append(undertaking.before)
    } catch {
      throw .store(error)
    }
    if let pending = journal.journal.pending, let watch {
      do throws(HostProblem) { try watch(pending) } catch {
        // Nothing was begun; where not even that can be written the next run finds that out.
        try? journal.append([.committed(origin ?? "")])
        throw .unwatched(error)
      }
    }
    var executor = Executor(
      kernel: client, journal: journal, host: SystemHost(namespace: namespace), keys: keys)
    var done = 0
    do throws(ApplyFailure) {
      try executor.carryOut(steps) { count in
        done = count
        progress(count)
      }
    } catch {
      // What is not as it was asked for is not gone on to, whoever finishes this.
      if case .different = error { try? executor.journal.append([.returning]) }
      throw .stopped(error, done: done, of: steps.count)
    }
    do throws(StoreProblem) { try executor.journal.append(undertaking.after) } catch {
      throw .stopped(.journal(error), done: done, of: steps.count)
    }
    executor.journal.compact()
  }
}
