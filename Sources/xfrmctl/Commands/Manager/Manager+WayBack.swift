import Glibc
import XFRMConfig

extension Manager {
  /// Goes where a recovery leads.
  ///
  /// - Parameters:
  ///   - recovery: Where that is.
  ///   - keys: Where bundles are.
  @discardableResult
  func finish(_ recovery: Recovery, _ keys: KeyDirectory) throws -> PreparedPlan {
    var state = DesiredState()
    if let id = recovery.goal {
      state = try ManagedConfiguration(try configuration(id), keys).state
    }
    return try recover(recovery, to: state, keys: KeyResolver(keys).key)
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
    do { try finish(recovery, keys) } catch {
      return Failure(
        "\(told)\nxfrmctl: the way back failed: "
          + ((error as? ManagerFailure).map { "\(Failure($0, in: namespace))" } ?? "\(error)"),
        .failed)
    }
    return Failure(
      "\(cause); stopped after \(done) of \(count) steps and went back to \(recovery.goalName)",
      .rolledBack)
  }

  /// Leads back from what nobody has confirmed in time.
  ///
  /// - Parameters:
  ///   - keys: Where bundles are.
  ///   - namespace: The named network namespace that it is about.
  func settle(_ keys: KeyDirectory, in namespace: String?) throws {
    do { try finishOverdue(keys) } catch let failure as ManagerFailure {
      throw Failure(failure, in: namespace)
    }
  }

  private func finishOverdue(_ keys: KeyDirectory) throws {
    // It may be that the process whose task it is is about it.
    var patience = 100
    while let pending = try self.pending(), pending.isOver {
      do {
        try finish(pending.recovery, keys)
        Terminal.complain(
          "configuration #\(pending.configuration) was not confirmed in time: went back to "
            + pending.recovery.goalName)
      } catch ManagerFailure.store(let problem) where problem.kind == .busy && patience > 0 {
        patience -= 1
        usleep(100_000)
      } catch ManagerFailure.moved {
        continue
      } catch ManagerFailure.noWayBack(let names) {
        Terminal.complain(
          "configuration #\(pending.configuration) was not confirmed in time: "
            + Failure(ManagerFailure.noWayBack(names)).description)
      }
    }
  }
}

extension ManagerOptions {
  /// The manager of a command that changes something: what nobody has confirmed in time leads back
  /// before.
  ///
  /// - Parameter configured: The namespace that the configuration is for.
  func settledManager(_ configured: String? = nil) throws -> Manager {
    let manager = try manager(configured)
    try manager.settle(keys, in: namespace ?? configured)
    return manager
  }
}

extension Recovery {
  /// What it leads to, in words.
  var goalName: String { goal.map { "configuration #\($0)" } ?? "no configuration" }
}
