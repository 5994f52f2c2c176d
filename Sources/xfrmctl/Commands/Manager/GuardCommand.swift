import ArgumentParser
import Glibc
import XFRMConfig

/// What ``GuardProcess`` runs.
struct GuardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard",
    abstract: "Lead back from a configuration that nobody confirms in time.",
    discussion: """
      Started by `xfrmctl apply --confirm`, and of no use without. What
      becomes of it is in the system's log.

      Examples:
        xfrmctl guard --deadline 1234567
      """,
    shouldDisplay: false)

  /// How often it looks whether it is still needed, in milliseconds.
  private static let interval: UInt64 = 200
  /// The longest pause after a failure.
  private static let longestPause: UInt64 = 30_000

  @Option(help: "Which one, by its deadline in milliseconds since the kernel started.")
  var deadline: UInt64

  @Option(
    help: ArgumentHelp(
      "How long it then looks for a journal that somebody has taken away. (default: 5m)",
      valueName: "time"), transform: TimeSpan.typed)
  var patience = TimeSpan(.seconds(300))

  @OptionGroup var place: ManagerOptions

  func run() throws {
    try BackgroundProcess.begin()
    let manager = try place.manager()
    guard let watch = try manager.journalWatch(), var pending = try pending(watch) else {
      throw Failure("nothing has to be confirmed by then", .failed)
    }
    // By then the history or the bundles may be gone.
    let goal: DesiredState
    do { goal = try manager.goal(of: pending.recovery, place.keys, isQuiet: true) } catch let
      failure
      as ManagerFailure
    {
      throw Failure(failure, in: place.namespace)
    }
    try BackgroundProcess.announce()
    var mark = watch.mark
    while !pending.isOver {
      Self.pause(min(Self.interval, pending.timeLeft + 1))
      let present = watch.mark
      guard present != mark else { continue }
      // Where it cannot look it looks again.
      do throws(ManagerFailure) {
        guard let still = try self.pending(watch) else { return }
        (pending, mark) = (still, present)
      } catch {
        continue
      }
    }
    leadBack(manager, watch, pending, to: goal)
  }

  /// Tries for as long as it is pending: nobody else may be there who could.
  private func leadBack(
    _ manager: Manager, _ watch: borrowing JournalWatch, _ first: Pending, to goal: DesiredState
  ) {
    var pause = Self.interval
    var told = ""
    var missing: ContinuousClock.Instant?
    while true {
      do {
        guard let pending = try pending(watch) else { return }
        // Where the journal is out of sight none is to be begun.
        guard try manager.pending() == pending else {
          throw Failure("something else is where the journal was", .busy)
        }
        try manager.leadBack(
          from: pending, place.keys, in: place.namespace, to: goal, tell: SystemLog.tell)
      } catch ManagerFailure.moved {
        Self.pause(Self.interval)
      } catch ManagerFailure.store(let problem) where problem.kind == .busy {
        // It may be who applies, or who leads back.
        Self.pause(Self.interval)
      } catch {
        let reason = Failure.words(error, in: place.namespace)
        // A folder without a journal tells nothing, and whoever took it away may never bring it back.
        let since = watch.mark == nil ? missing ?? .now : nil
        missing = since
        if let since, .now - since >= patience.duration {
          SystemLog.tell("\(first.lateness), and nobody leads back from it any more: \(reason)")
          return
        }
        if reason != told { SystemLog.tell("\(first.lateness); the way back fails: \(reason)") }
        told = reason
        Self.pause(pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  private static func pause(_ milliseconds: UInt64) {
    usleep(UInt32(clamping: milliseconds * 1000))
  }

  private func pending(_ watch: borrowing JournalWatch) throws(ManagerFailure) -> Pending? {
    try watch.pending().flatMap { $0.deadline == deadline ? $0 : nil }
  }
}
