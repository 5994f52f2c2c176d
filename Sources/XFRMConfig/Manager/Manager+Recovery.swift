internal import XFRMKit

/// What is to be done about a run that was cut short.
public struct Recovery: Hashable, Sendable {
  /// Whether packets may have been treated as the new configuration has it, so that the way leads on
  /// to that one; otherwise it leads back.
  public var isForward: Bool
  /// The ID of the configuration that it leads to; `nil` for none at all.
  public var goal: String?
}

extension Manager {
  /// What an earlier run left unfinished; `nil` if it left nothing.
  public func recovery() throws(ManagerFailure) -> Recovery? { try look().recovery }

  /// A configuration of the history.
  public func configuration(_ id: String) throws(ManagerFailure) -> RecordedConfiguration {
    let entry: History.Entry?
    do throws(StoreProblem) { entry = try history.entry(id) } catch { throw .store(error) }
    guard let entry else { throw .unknownConfiguration(id) }
    return entry.configuration
  }

  /// Finishes what an earlier run left unfinished, or leads back from what is to be confirmed, by a
  /// plan like any other.
  ///
  /// - Parameters:
  ///   - recovery: What ``recovery()`` found, or that of ``pending()``.
  ///   - desired: What the configuration comes to that it leads to; empty for none.
  ///   - keys: Fetches the key of an SA when it is about to be added.
  /// - Returns: What was done.
  /// - Throws: ``ManagerFailure/doneBut(_:_:_:)`` though it was.
  public func recover(
    _ recovery: Recovery, to desired: DesiredState, keys: @escaping Keys
  ) throws(ManagerFailure) -> PreparedPlan {
    var journal = try openJournal(isSettling: true)
    let (pending, underWay) = (journal.journal.pending, journal.journal.underWay)
    guard let underWay, recovery == journal.journal.recovery ?? pending?.recovery else {
      throw .moved
    }
    let desired = recovery.isForward ? desired : underWay.restored(to: desired)
    var options = PlanOptions()
    options.allowsAllCleartext = true
    options.isWayBack = !recovery.isForward
    var client = try client()
    let snapshot = try survey(&client, desired, journal.journal.holdings)
    let prepared = try Self.plan(
      fingerprinted(desired, journal.journal.holdings, keys), snapshot, journal.journal, options)
    let undertaking: Undertaking
    var keyed: LedgeredKeys?
    /// What could not be read or written, though it is no reason not to go.
    var unwritten: StoreProblem?
    if recovery.isForward {
      // Where there was no way back it stays without anybody's word.
      do throws(StoreProblem) {
        try history.markConfirmed(underWay.target, keeping: journal.journal.configurations)
      } catch {
        unwritten = error
      }
      keyed = try admitting(keys, snapshot, for: prepared.plan)
      undertaking = .rest(prepared.plan, to: underWay.target)
    } else {
      let lost = prepared.plan.unrepeatable
      guard lost.isEmpty else {
        // Who waits for a way back that there is not waits for ever.
        if pending?.isOver != false {
          do throws(StoreProblem) { try journal.append([.lifted]) } catch { throw .store(error) }
        }
        throw .noWayBack(lost)
      }
      undertaking = .back(
        prepared.plan, from: underWay.target, to: recovery.goal, at: WallClock.now)
      if recovery.goal != underWay.target {
        // Before, so that whoever is killed leaves no other behind.
        do throws(StoreProblem) { try history.markLedBack(underWay.target) } catch {
          unwritten = error
        }
      }
      // No key of this way has to be in the ledger, but somebody should know that it is of no use.
      do throws(ManagerFailure) {
        keyed = try admitting(keys, snapshot, for: prepared.plan, isOptional: false)
      } catch {
        guard case .store(let problem) = error else { throw error }
        unwritten = unwritten ?? problem
      }
    }
    try carryOut(
      undertaking, client, journal, keyed.take() ?? LedgeredKeys(keys, nil), { _ in })
    if let unwritten { throw .doneBut(recovery, prepared, unwritten) }
    return prepared
  }
}

extension Journal.UnderWay {
  /// What the way back leads to: the origin and, where that says nothing, what there was before.
  func restored(to origin: DesiredState) -> DesiredState {
    var state = origin
    // Where guards were all that there was, what is more goes.
    state.isGuardsOnly = false
    state.defaultActions = origin.defaultActions ?? defaults
    let named = Set(origin.settings.map(\.name))
    state.settings += settings.filter { !named.contains($0.key) && !$0.value.isEmpty }
      .sorted { $0.key < $1.key }.map { SettingEntry($0.key, $0.value) }
    return state
  }
}

extension Journal {
  /// The configuration that the kernel has or is to be led to.
  var inForce: String? {
    if let pending, pending.isVerified { return pending.configuration }
    return if let recovery { recovery.goal } else { committed }
  }
}
