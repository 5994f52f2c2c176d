internal import XFRMKit

/// What is to be done about a run that was cut short.
public struct Recovery: Equatable, Sendable {
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

  /// Finishes what an earlier run left unfinished, by a plan like any other.
  ///
  /// - Parameters:
  ///   - recovery: What ``recovery()`` found.
  ///   - desired: What the configuration comes to that it leads to; empty for none.
  ///   - keys: Fetches the key of an SA when it is about to be added.
  /// - Returns: What was done.
  public func recover(
    _ recovery: Recovery, to desired: DesiredState, keys: @escaping Keys
  ) throws(ManagerFailure) -> PreparedPlan {
    let journal = try openJournal()
    guard journal.journal.recovery == recovery else { throw .moved }
    var options = PlanOptions()
    options.allowsAllCleartext = true
    var client = try client()
    let snapshot = try survey(&client, desired, journal.journal.holdings)
    let prepared = try Self.plan(
      fingerprinted(desired, journal.journal.holdings, keys), snapshot, journal.journal, options)
    try carryOut(
      prepared.plan.steps, to: recovery.goal ?? "", client, journal,
      try admitting(keys, snapshot), { _ in })
    return prepared
  }
}

extension Journal {
  /// The configuration that the kernel has or is to be led to.
  var inForce: String? {
    if let recovery { recovery.goal } else { committed }
  }

  fileprivate var recovery: Recovery? {
    underWay.map {
      Recovery(isForward: $0.hasSwitched, goal: $0.hasSwitched ? $0.target : $0.origin)
    }
  }
}
