import Glibc
import XFRMConfig

extension Manager {
  /// What a recovery leads to. No key is in it.
  ///
  /// - Parameters:
  ///   - recovery: Where that is.
  ///   - keys: Where bundles are.
  ///   - isQuiet: Whether its warnings are left out.
  func goal(
    of recovery: Recovery, _ keys: KeyDirectory, isQuiet: Bool = false
  ) throws -> DesiredState {
    guard let id = recovery.goal else { return DesiredState() }
    return try ManagedConfiguration(try configuration(id), keys, isQuiet: isQuiet).state
  }

  /// Goes where a recovery leads.
  ///
  /// - Parameters:
  ///   - recovery: Where that is.
  ///   - keys: Where bundles are.
  ///   - known: What it leads to; looked for if `nil`.
  ///   - warn: Told what somebody should know of it.
  @discardableResult
  func finish(
    _ recovery: Recovery, _ keys: KeyDirectory, to known: DesiredState? = nil,
    warn: (String) -> Void = Terminal.complain
  ) throws -> PreparedPlan {
    let state = try known ?? goal(of: recovery, keys)
    func tell(_ prepared: PreparedPlan) {
      for warning in prepared.plan.warnings { warn("warning: \(warning)") }
    }
    do throws(ManagerFailure) {
      let prepared = try recover(recovery, to: state, keys: KeyResolver(keys).key)
      tell(prepared)
      return prepared
    } catch {
      if case .doneBut(_, let prepared, _) = error { tell(prepared) }
      throw error
    }
  }

  /// Leaves nothing that is not as it was asked for, and no trial that did not come to its end.
  ///
  /// - Parameters:
  ///   - failure: Why it came no further.
  ///   - keys: Where bundles are.
  ///   - isTrial: Whether it was to be confirmed.
  ///   - namespace: The named network namespace that it is about.
  /// - Returns: What to tell.
  func leadBack(
    from failure: ManagerFailure, _ keys: KeyDirectory, isTrial: Bool = false,
    in namespace: String?
  ) -> Failure {
    let told = Failure(failure, in: namespace)
    guard case .stopped(let cause, let done, let count) = failure,
      let recovery = (try? self.recovery()) ?? nil, !recovery.isForward
    else { return told }
    if case .different = cause {} else if !isTrial { return told }
    var end = "went back to \(recovery.goalName)"
    do { try finish(recovery, keys) } catch ManagerFailure.doneBut(_, _, let problem) {
      end += ", but \(problem)"
    } catch {
      return Failure(
        "\(told)\nxfrmctl: the way back failed: \(Failure.words(error, in: namespace))", .failed)
    }
    return Failure("\(cause); stopped after \(done) of \(count) steps and \(end)", .rolledBack)
  }

  /// Leads back from what nobody has confirmed in time.
  ///
  /// - Parameters:
  ///   - keys: Where bundles are.
  ///   - namespace: The named network namespace that it is about.
  ///   - hasWayOn: Whether whoever asks knows where else to go, if it is not known any more what the
  ///     way back leads to: then that is given up.
  func settle(_ keys: KeyDirectory, in namespace: String?, hasWayOn: Bool = false) throws {
    do { try finishOverdue(keys, in: namespace, hasWayOn) } catch let failure as ManagerFailure {
      throw Failure(failure, in: namespace)
    }
  }

  private func finishOverdue(
    _ keys: KeyDirectory, in namespace: String?, _ hasWayOn: Bool
  ) throws {
    // It may be that the process whose task it is is about it.
    var patience = 100
    while let pending = try self.pending(), pending.isOver {
      do { try leadBack(from: pending, keys, in: namespace) } catch ManagerFailure.store(
        let problem) where problem.kind == .busy && patience > 0
      {
        patience -= 1
        usleep(100_000)
      } catch ManagerFailure.unknownConfiguration(let id)
        where hasWayOn && id == pending.recovery.goal
      {
        try giveUpWayBack(from: pending)
        Terminal.complain(
          "\(pending.lateness), and there is no way back: configuration #\(id) is not in the history "
            + "any more")
      } catch ManagerFailure.moved {
        continue
      }
    }
  }

  /// Leads back from a configuration that nobody has confirmed in time, and says so, or that there is
  /// no way.
  ///
  /// - Parameters:
  ///   - pending: Which one.
  ///   - keys: Where bundles are.
  ///   - namespace: The named network namespace that it is about.
  ///   - goal: What the way back leads to; looked for if `nil`.
  ///   - tell: Told what became of it.
  func leadBack(
    from pending: Pending, _ keys: KeyDirectory, in namespace: String?,
    to goal: DesiredState? = nil, tell: (String) -> Void = Terminal.complain
  ) throws {
    var end = "went back to \(pending.recovery.goalName)"
    do {
      try finish(pending.recovery, keys, to: goal, warn: tell)
    } catch ManagerFailure.doneBut(_, _, let problem) {
      end += ", but \(problem)"
    } catch ManagerFailure.noWayBack(let names) {
      end = "\(Failure(.noWayBack(names), in: namespace))"
    }
    tell("\(pending.lateness): \(end)")
  }
}

extension Pending {
  /// That it is too late, in words.
  var lateness: String { "configuration #\(configuration) was not confirmed in time" }
}

extension ManagerOptions {
  /// The manager of a command that changes something: what nobody has confirmed in time leads back
  /// before.
  ///
  /// - Parameters:
  ///   - configured: The namespace that the configuration is for.
  ///   - hasWayOn: Whether there is something else to go to where there is no way back.
  func settledManager(_ configured: String? = nil, hasWayOn: Bool = false) throws -> Manager {
    let manager = try manager(configured)
    try manager.settle(keys, in: namespace ?? configured, hasWayOn: hasWayOn)
    return manager
  }
}

extension Recovery {
  /// What it leads to, in words.
  var goalName: String { goal.map { "configuration #\($0)" } ?? "no configuration" }

  /// That it is done, in words.
  ///
  /// - Parameter prepared: What was done.
  func outcome(_ prepared: PreparedPlan) -> String {
    "\(isForward ? "went on" : "went back") to \(goalName) in "
      + "\(Text.count(prepared.plan.steps.count)) steps"
  }
}
