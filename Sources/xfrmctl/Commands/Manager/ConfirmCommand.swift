import ArgumentParser
import XFRMConfig

/// `xfrmctl confirm`
struct ConfirmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Let a configuration stay that was applied with --confirm.",
    usage: "xfrmctl confirm [<id>] [options]",
    discussion: """
      Old SAs, interfaces and routes, which were kept for the way back, go now.

      Examples:
        xfrmctl confirm
        xfrmctl confirm 91c2a07e

      Exit status: 0 if nothing waits to be confirmed now, 1 if it stopped or
      an SA is gone whose key must not be used again, 5 if it was too late, or
      another configuration waits, 75 if another process is at work.
      """)

  @Argument(
    help: ArgumentHelp(
      "Which configuration; whichever waits if it is left out.", valueName: "id"))
  var id: String?

  @OptionGroup var place: ManagerOptions

  func run() throws {
    let manager = try place.settledManager()
    do {
      let named = id.map(HistoryCommand.id)
      guard let pending = try manager.pending() else { return try explain(manager, named) }
      if let named, named != pending.configuration {
        throw Failure(
          "configuration #\(named) does not wait to be confirmed: #\(pending.configuration) does",
          .rolledBack)
      }
      guard pending.isVerified else { throw Failure(.pending(pending), in: place.namespace) }
      try confirm(manager, pending)
    } catch let failure as ManagerFailure {
      Terminal.endProgress()
      throw Failure(failure, in: place.namespace)
    }
  }

  /// Lets it stay, unless the deadline is first, or somebody else.
  ///
  /// - Parameters:
  ///   - manager: Of its network namespace.
  ///   - pending: What was found to wait.
  func confirm(_ manager: Manager, _ pending: Pending) throws {
    let recorded: RecordedConfiguration
    do throws(ManagerFailure) {
      recorded = try manager.configuration(pending.configuration)
    } catch {
      guard case .unknownConfiguration(let id) = error else { throw error }
      throw Failure(
        "configuration #\(id) is not in the history any more, so it cannot be confirmed: put that "
          + "back, or go back with \(Text.command("rollback", in: place.namespace)), or wait until "
          + "that is done at the deadline", .failed)
    }
    let configuration = try ManagedConfiguration(recorded, place.keys)
    do throws(ManagerFailure) {
      _ = try manager.confirm(
        pending, configuration.state, keys: configuration.keys.key
      ) { done in
        Terminal.progress("\(Text.count(done)) steps done")
      }
    } catch {
      switch error {
      case .moved: break
      // Who has it is most likely on the way back.
      case .store(let problem) where problem.kind == .busy && pending.isOver: break
      default: throw error
      }
      return try explain(place.settledManager(), pending.configuration)
    }
    Terminal.endProgress()
    try Terminal.print("confirmed: configuration #\(pending.configuration) stays")
  }

  /// Why there is nothing to confirm.
  private func explain(_ manager: Manager, _ named: String?) throws {
    let committed = try manager.status().committed
    if let rollback = try manager.lastRollback(),
      named ?? rollback.configuration == rollback.configuration
    {
      throw Failure(
        "configuration #\(rollback.configuration) was already rolled back at "
          + Text.time(rollback.time), .rolledBack)
    }
    if let named, named != committed {
      throw Failure("configuration #\(named) does not wait to be confirmed", .rolledBack)
    }
    try Terminal.print("nothing to do: nothing waits to be confirmed")
  }
}
