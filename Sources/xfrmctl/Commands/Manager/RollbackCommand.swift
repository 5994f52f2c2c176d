import ArgumentParser
import XFRMConfig

/// `xfrmctl rollback`
struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Go back to the configuration before.",
    usage: "xfrmctl rollback [<id>] [options]",
    discussion: """
      While a configuration waits to be confirmed the old SAs are still
      there: policies are put back to them, and the new ones deleted. No key
      is used a second time. Otherwise an earlier configuration of the
      history is applied, with the keys that there are now: the last that
      was to stay, with more than guards and with more than keys apart. Where
      those keys were used before nothing is begun: new ones come first.

      Examples:
        xfrmctl rollback
        xfrmctl rollback 91c2a07e

      Exit status: as that of apply; 64 if that one is no way back, 65 if it is
      not in the history, 73 also if it went back, and the ledger or the
      history cannot be used.
      """)

  @Argument(
    help: ArgumentHelp(
      "Which configuration to go back to; the one before if it is left out.", valueName: "id"))
  var id: String?

  @OptionGroup var place: ManagerOptions
  @OptionGroup var allowance: CleartextOption

  func run() throws {
    let manager = try place.settledManager()
    do {
      let named = id.map(HistoryCommand.id)
      if let pending = try manager.pending() {
        try leadBack(manager, pending, to: named)
      } else {
        try apply(manager, named)
      }
    } catch let failure as ManagerFailure {
      throw Failure(failure, in: place.namespace)
    }
  }

  private func leadBack(_ manager: Manager, _ pending: Pending, to named: String?) throws {
    if let named, named != pending.recovery.goal {
      throw Failure(
        "configuration #\(pending.configuration) waits to be confirmed, and leads back to "
          + "\(pending.recovery.goalName) and no other", .usage)
    }
    do {
      try Terminal.print(pending.recovery.outcome(manager.finish(pending.recovery, place.keys)))
    } catch ManagerFailure.unknownConfiguration(let id) {
      throw Failure(
        "there is no way back: configuration #\(id) is not in the history any more; put that back, "
          + "or let #\(pending.configuration) stay: \(Text.command("confirm", in: place.namespace)). "
          + "Behind the deadline \(Text.command("apply FILE", in: place.namespace)) goes on from it",
        .failed)
    }
  }

  private func apply(_ manager: Manager, _ named: String?) throws {
    guard let recorded = try named.map(manager.earlier) ?? manager.previous() else {
      throw Failure("there is no earlier configuration in the history", .failed)
    }
    let id = recorded.id
    guard !recorded.guardsOnly else {
      throw Failure(
        "configuration #\(id) is guards alone, which never take the place of more: name another",
        .usage)
    }
    let configuration = try ManagedConfiguration(recorded, over: manager, place.keys)
    let prepared: PreparedPlan
    do throws(ManagerFailure) {
      prepared = try manager.apply(
        configuration.recorded, configuration.state, options: allowance.options,
        from: configuration.origin, keys: configuration.keys.key)
    } catch {
      throw manager.leadBack(from: error, place.keys, in: place.namespace)
    }
    let new = configuration.recorded.id
    try Terminal.print(
      "went back to configuration #\(id)\(new == id ? "" : ", with other keys #\(new),") in "
        + "\(Text.count(prepared.plan.steps.count)) steps")
  }
}

extension Manager {
  /// The configuration that was in force before the one that is, or before one that was cut short.
  fileprivate func previous() throws -> RecordedConfiguration? {
    let status = try status()
    if status.recovery != nil { return try status.committed.map(configuration) }
    guard let present = status.inForce else {
      guard let id = status.committed else { return nil }
      throw Failure(
        "configuration #\(id), which is in force, is not in the history any more, so it is not known "
          + "which was before it: name one of `xfrmctl history`", .failed)
    }
    do throws(StoreProblem) { return try history.entry(before: present)?.configuration } catch {
      throw Failure(error)
    }
  }

  /// One that this namespace was given: what another was given is no way back for it.
  fileprivate func earlier(_ id: String) throws(Failure) -> RecordedConfiguration {
    let entries: [History.Entry]
    do throws(StoreProblem) { entries = try history.entries() } catch { throw Failure(error) }
    guard let entry = entries.last(where: { $0.configuration.id == id }) else {
      throw Failure(
        "configuration #\(id) is not in the history of this network namespace", .invalidInput)
    }
    return entry.configuration
  }
}
