internal import Glibc
public import XFRMKit

extension Manager {
  /// Fetches the key material of an SA that is about to be added.
  public typealias Keys = (AssociationEntry) throws(KeyProblem) -> Secret

  /// Makes the kernel as a configuration has it.
  ///
  /// Guards alone are put there as long as nothing else of ours is, or where the kernel has lost some
  /// of it: they never take the place of more than guards. They need neither keys nor a ledger, and a
  /// history that cannot be written does not keep them away.
  ///
  /// - Parameters:
  ///   - configuration: It is kept in the history.
  ///   - desired: What it comes to.
  ///   - options: How to go about it.
  ///   - saved: A plan that was made before, by its fingerprints: nothing is done if it would be
  ///     another one now.
  ///   - base: The configuration that it is made from: nothing is done if another is in force by
  ///     now, as that may have other keys. Empty for none; `nil` for any.
  ///   - trial: That it has to be confirmed; `nil` if it stays without.
  ///   - keys: Fetches the key of an SA when it is about to be added.
  ///   - begin: Called with the plan before anything of it is done.
  ///   - progress: Called with the number of steps that are done.
  /// - Returns: What was done; nothing if the kernel was so already.
  /// - Throws: ``ManagerFailure/unknownConfiguration(_:)`` if a trial would have no way back,
  ///   ``ManagerFailure/doneBut(_:_:_:)`` though it was done, if the history does not say so, and
  ///   ``ManagerFailure/unrecorded(_:_:)`` if guards were put there that it lacks.
  public func apply(
    _ configuration: RecordedConfiguration, _ desired: DesiredState,
    options: PlanOptions = PlanOptions(), expecting saved: SavedPlan.Marks? = nil,
    from base: String? = nil, trial: Trial? = nil, keys: @escaping Keys,
    begin: (PreparedPlan) -> Void = { _ in }, progress: (Int) -> Void = { _ in }
  ) throws(ManagerFailure) -> PreparedPlan {
    let journal = try openJournal()
    let origin = journal.journal.committed
    if let base, base != journal.journal.inForce ?? "" { throw .moved }
    if trial != nil, let underWay = journal.journal.underWay { throw .unfinished(underWay.target) }
    var client = try client()
    let snapshot = try survey(&client, desired, journal.journal.holdings)
    if configuration.guardsOnly, snapshot.hasPolicies(of: journal.journal, guarding: desired),
      try !hasGuardsAtMost(journal.journal)
    {
      let nothing = PreparedPlan(
        plan: Plan(), fingerprint: snapshot.fingerprint(with: journal.journal))
      begin(nothing)
      return nothing
    }
    var prepared: PreparedPlan
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
    let keyed = try admitting(keys, snapshot, for: prepared.plan)
    if let remark = recount(by: prepared.plan, journal.journal) {
      prepared.plan.warnings.append(remark)
    }
    begin(prepared)
    let isCommitted =
      journal.journal.underWay == nil && journal.journal.committed == configuration.id
    if prepared.plan.isEmpty, isCommitted, try isKept(configuration.id) { return prepared }
    let trial = prepared.plan.isEmpty ? nil : trial
    // Whoever leads back has to know what to.
    if trial != nil, let origin { _ = try self.configuration(origin) }
    let kept = journal.journal.configurations
    var target = configuration.id
    var unwritten: StoreProblem?
    do throws(StoreProblem) {
      // Whoever comes no further has not made it one to go back to.
      try history.add(
        configuration, at: WallClock.now, isUnconfirmed: configuration.id != origin, keeping: kept)
    } catch {
      guard configuration.guardsOnly, trial == nil else { throw .store(error) }
      // Who comes later finds no such configuration, and must not look for it.
      (target, unwritten) = ("", error)
    }
    let undertaking: Undertaking =
      if let trial {
        .trial(prepared.plan, to: target, from: origin, until: trial.deadline)
      } else {
        .whole(prepared.plan, to: target, from: origin)
      }
    try carryOut(
      undertaking, client, journal, keyed, watch: trial?.watch,
      arrive: {
        guard trial == nil, unwritten == nil else { return }
        do throws(StoreProblem) {
          try history.markConfirmed(
            configuration.id, keeping: kept.union([configuration.id]))
        } catch {
          unwritten = error
        }
      }, progress)
    if let unwritten {
      if target.isEmpty { throw .unrecorded(prepared, unwritten) }
      throw .doneBut(Recovery(isForward: true, goal: configuration.id), prepared, unwritten)
    }
    return prepared
  }

  /// Whether the history has a configuration as one that was in force.
  private func isKept(_ id: String) throws(ManagerFailure) -> Bool {
    do throws(StoreProblem) { return try history.entry(id)?.isToStay == true } catch {
      throw .store(error)
    }
  }

  /// Whether no configuration is in force or on its way that has more than guards.
  func hasGuardsAtMost(_ journal: Journal) throws(ManagerFailure) -> Bool {
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
  ///
  /// - Parameters:
  ///   - keys: Fetches the key of an SA.
  ///   - snapshot: What the kernel has now.
  ///   - plan: What is about to be done.
  ///   - isOptional: Whether nobody opens it for a plan that is no matter of the ledger
  ///     (``Plan/needsLedger``).
  /// - Throws: ``ManagerFailure/keys(_:)`` if one that the plan takes must not be used.
  func admitting(
    _ keys: @escaping Keys, _ snapshot: KernelSnapshot, for plan: Plan,
    isOptional: Bool = true
  ) throws(ManagerFailure) -> LedgeredKeys {
    guard plan.needsLedger || !isOptional else { return LedgeredKeys(keys, nil) }
    let keyed: LedgeredKeys
    do throws(StoreProblem) {
      keyed = LedgeredKeys(
        keys, try Ledger.open(in: stateFolder, for: run, present: snapshot.associations))
    } catch {
      throw .store(error)
    }
    do throws(KeyProblem) { try keyed.check(plan.steps) } catch { throw .keys(error) }
    return keyed
  }

  /// What the ledger has keys under.
  var run: KernelRun { KernelRun(boot: boot, namespace: inode) }

  func carryOut(
    _ undertaking: Undertaking, _ client: consuming XFRMClient,
    _ journal: consuming JournalFile, _ keys: consuming LedgeredKeys,
    watch: ((Pending) throws(HostProblem) -> Void)? = nil, arrive: () -> Void = {},
    _ progress: (Int) -> Void
  ) throws(ManagerFailure) {
    let steps = undertaking.steps
    let origin = journal.journal.committed
    do throws(StoreProblem) {
      try journal.reserve(steps: steps.count)
      try keys.reserve(for: steps)
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
      kernel: client, journal: journal, host: SystemHost(namespace: namespace, inode: inode),
      keys: keys)
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
    // Whoever is killed between the two goes on to where it is already.
    arrive()
    do throws(StoreProblem) { try executor.journal.append(undertaking.after) } catch {
      throw .stopped(.journal(error), done: done, of: steps.count)
    }
    executor.journal.compact()
  }
}

extension KernelSnapshot {
  /// Whether what keeps packets from passing in clear is in the kernel, and not in a journal only:
  /// somebody may have flushed it.
  ///
  /// - Parameters:
  ///   - journal: What is ours.
  ///   - guards: What guards there are to be. Of others it is enough that there are some: what the
  ///     kernel lost once, and nobody wants any more, the journal does not forget.
  fileprivate func hasPolicies(of journal: Journal, guarding guards: DesiredState) -> Bool {
    let held = Set(journal.holdings.policies.values.lazy.filter { $0.role != .bypass }.map(\.key))
    let present = Set(Inventory(self, journal.holdings).policies.values.lazy.map(\.key))
    let named = held.intersection(guards.policies.lazy.map(\.policy.key))
    // Some of what a run was about to put there when it was cut short may never have been there.
    if journal.underWay != nil { return !held.isDisjoint(with: present) }
    let isRouteOpen = guards.routeGuards.contains {
      journal.holdings.routeGuards[$0.destination] != nil
        && host?.routeGuards.contains($0.destination) == false
    }
    if isRouteOpen { return false }
    if named.isEmpty { return held.isEmpty || !held.isDisjoint(with: present) }
    return named.isSubset(of: present)
  }
}
