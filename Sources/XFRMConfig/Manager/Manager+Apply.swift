internal import Glibc
public import XFRMKit

extension Manager {
  /// Fetches the key material of an SA that is about to be added.
  public typealias Keys = (AssociationEntry) throws(KeyProblem) -> Secret

  /// Makes the kernel as a configuration has it.
  ///
  /// Guards alone are put there as long as nothing else of ours is: they never take the place of
  /// more than guards.
  ///
  /// - Parameters:
  ///   - configuration: It is kept in the history.
  ///   - desired: What it comes to.
  ///   - options: How to go about it.
  ///   - saved: A plan that was made before, by its fingerprints: nothing is done if it would be
  ///     another one now.
  ///   - origin: The configuration that it is made from: nothing is done if another is in force by
  ///     now, as that may have other keys. Empty for none; `nil` for any.
  ///   - keys: Fetches the key of an SA when it is about to be added.
  ///   - begin: Called with the plan before anything of it is done.
  ///   - progress: Called with the number of steps that are done.
  /// - Returns: What was done; nothing if the kernel was so already.
  public func apply(
    _ configuration: RecordedConfiguration, _ desired: DesiredState,
    options: PlanOptions = PlanOptions(), expecting saved: SavedPlan.Marks? = nil,
    from origin: String? = nil, keys: @escaping Keys, begin: (PreparedPlan) -> Void = { _ in },
    progress: (Int) -> Void = { _ in }
  ) throws(ManagerFailure) -> PreparedPlan {
    let journal = try openJournal()
    if let origin, origin != journal.journal.inForce ?? "" { throw .moved }
    var client = try client()
    let snapshot = try survey(&client, desired, journal.journal.holdings)
    if configuration.guardsOnly, try !hasGuardsAtMost(journal.journal) {
      let nothing = PreparedPlan(
        plan: Plan(), fingerprint: snapshot.fingerprint(with: journal.journal))
      begin(nothing)
      return nothing
    }
    let prepared: PreparedPlan
    do throws(ManagerFailure) {
      try makeSecret(for: desired)
      prepared = try Self.plan(
        fingerprinted(desired, journal.journal.holdings, keys), snapshot, journal.journal, options)
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
        configuration, at: UInt64(max(0, time(nil))), keeping: journal.journal.configurations)
    } catch {
      throw .store(error)
    }
    try carryOut(
      prepared.plan.steps, to: configuration.id, client, journal,
      try admitting(keys, snapshot), progress)
    return prepared
  }

  /// Whether no configuration is in force or on its way that has more than guards.
  private func hasGuardsAtMost(_ journal: Journal) throws(ManagerFailure) -> Bool {
    guard let id = journal.underWay?.target ?? journal.committed, !id.isEmpty else { return true }
    do throws(StoreProblem) {
      return try history.entry(id)?.configuration.guardsOnly ?? false
    } catch {
      throw .store(error)
    }
  }

  /// Makes sure that there is something to stand for keys with.
  private func makeSecret(for desired: DesiredState) throws(ManagerFailure) {
    guard desired.associations.contains(where: { $0.key != nil }) else { return }
    do throws(StoreProblem) {
      _ = try HostSecret.find(in: PrivateFolder(stateFolder))
    } catch {
      throw .store(error)
    }
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
    _ steps: [PlanStep], to target: String, _ client: consuming XFRMClient,
    _ journal: consuming JournalFile, _ keys: consuming LedgeredKeys,
    _ progress: (Int) -> Void
  ) throws(ManagerFailure) {
    let origin = journal.journal.committed
    do throws(StoreProblem) {
      try journal.reserve(steps: steps.count)
      try keys.reserve(for: steps)
      try journal.append([.started(target: target, origin: origin)])
    } catch {
      throw .store(error)
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
      throw .stopped(error, done: done, of: steps.count)
    }
    do throws(StoreProblem) { try executor.journal.append([.committed(target)]) } catch {
      throw .stopped(.journal(error), done: done, of: steps.count)
    }
    executor.journal.compact()
  }
}
