public import XFRMKit

extension Manager {
  /// What has to be confirmed; `nil` if nothing has.
  public func pending() throws(ManagerFailure) -> Pending? { try look().pending }

  /// What was last led back from; `nil` if something else was applied since.
  public func lastRollback() throws(ManagerFailure) -> Rollback? { try look().rolledBack }

  /// Makes a configuration stay: what is old goes now.
  ///
  /// - Parameters:
  ///   - pending: What ``pending()`` found.
  ///   - desired: What its configuration comes to.
  ///   - keys: Fetches the key of an SA that somebody has deleted meanwhile.
  ///   - progress: Called with the number of steps that are done.
  /// - Returns: What was done.
  public func confirm(
    _ pending: Pending, _ desired: DesiredState, keys: @escaping Keys,
    progress: (Int) -> Void = { _ in }
  ) throws(ManagerFailure) -> PreparedPlan {
    let journal = try openJournal(isSettling: true)
    guard journal.journal.pending == pending, pending.isVerified, !pending.isOver else {
      throw .moved
    }
    var options = PlanOptions()
    // All of it was allowed when it was applied.
    options.allowsAllCleartext = true
    options.hasSwitched = true
    var client = try client()
    let snapshot = try survey(&client, desired, journal.journal.holdings)
    let prepared = try Self.plan(
      fingerprinted(desired, journal.journal.holdings, keys), snapshot, journal.journal, options)
    let lost = prepared.plan.unrepeatable
    guard lost.isEmpty else { throw .noWayOn(lost) }
    // Before, as whoever is killed then goes on, or goes back and says so.
    do throws(StoreProblem) {
      try history.markConfirmed(
        pending.configuration, keeping: journal.journal.configurations)
    } catch {
      throw .store(error)
    }
    try carryOut(
      .rest(prepared.plan, to: pending.configuration), client, journal,
      try admitting(keys, snapshot, for: prepared.plan), progress)
    return prepared
  }

  /// Waits no more for a way back that leads to what nobody knows any more, as the history has lost
  /// it: what was to be confirmed stays until something else is applied.
  ///
  /// - Parameter pending: What ``pending()`` found, whose deadline is over.
  /// - Throws: ``ManagerFailure/moved`` if something else waits, or there is time left.
  public func giveUpWayBack(from pending: Pending) throws(ManagerFailure) {
    var journal = try openJournal(isSettling: true)
    guard journal.journal.pending == pending, pending.isOver else { throw .moved }
    do throws(StoreProblem) { try journal.append([.lifted]) } catch { throw .store(error) }
  }

  /// The plan that would lead back once another was carried out as far as it is before somebody
  /// confirms it.
  ///
  /// - Parameters:
  ///   - desired: What the other plan leads to.
  ///   - origin: What the configuration in force comes to; empty for none.
  ///   - options: How to go about the other plan.
  ///   - keys: Fetches the key of an SA, so that plans can tell it from others.
  /// - Throws: ``ManagerFailure/pending(_:)`` or ``ManagerFailure/unfinished(_:)`` where the other
  ///   plan would not be carried out either.
  public func reversePlan(
    from desired: DesiredState, to origin: DesiredState, options: PlanOptions = PlanOptions(),
    keys: Keys
  ) throws(ManagerFailure) -> PreparedPlan {
    var journal = try look()
    if let pending = journal.pending { throw .pending(pending) }
    if let underWay = journal.underWay { throw .unfinished(underWay.target) }
    var client = try client()
    var both = desired
    both.settings += origin.settings
    both.routes += origin.routes
    both.routeGuards += origin.routeGuards
    let snapshot = try survey(&client, both, journal.holdings)
    let forward = try Self.plan(
      fingerprinted(desired, journal.holdings, keys), snapshot, journal, options)
    var model = KernelModel(snapshot)
    var host = snapshot.host
    journal.note(.started(target: "", origin: journal.committed))
    for step in forward.plan.stepsOfTrial {
      do throws(XFRMError) {
        if let operation = step.action.operation({ $0.association }) {
          try model.perform(operation)
        }
      } catch {
        throw .kernel(error)
      }
      host?.note(step)
      if let record = step.record { journal.note(record) }
    }
    journal.note(.done)
    var kernel = model.snapshot()
    kernel.host = host
    let holdings = journal.holdings
    let goal = journal.underWay?.restored(to: origin) ?? origin
    var back = PlanOptions()
    back.allowsAllCleartext = true
    back.isWayBack = true
    do throws(PlanProblems) {
      let plan = try Planner(
        fingerprinted(goal, holdings, keys), on: kernel, holding: holdings, options: back
      ).plan()
      return PreparedPlan(
        plan: plan, fingerprint: forward.fingerprint, unfinished: forward.unfinished)
    } catch {
      throw .noPlan(error)
    }
  }
}
