import ArgumentParser
import Glibc
import XFRMConfig

/// What ``GuardProcess`` runs.
struct GuardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "guard",
    abstract: "Lead back from a configuration that nobody confirms in time.",
    discussion: """
      Started by `xfrmctl apply --confirm`, and of no use without.

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

  @OptionGroup var place: ManagerOptions

  func run() throws {
    try BackgroundProcess.begin()
    let manager = try place.manager()
    guard let watch = try manager.journalWatch(), var pending = try pending(watch) else {
      throw Failure("nothing has to be confirmed by then", .failed)
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
    leadBack(manager, watch)
  }

  /// Tries for as long as it is pending: nobody else may be there who could.
  private func leadBack(_ manager: Manager, _ watch: borrowing JournalWatch) {
    var pause = Self.interval
    while true {
      do {
        guard let pending = try pending(watch) else { return }
        // Where the journal is out of sight none is to be begun.
        guard try manager.pending() == pending else { throw ManagerFailure.moved }
        try manager.finish(pending.recovery, place.keys)
      } catch ManagerFailure.store(let problem) where problem.kind == .busy {
        // It may be who applies, or who leads back.
        Self.pause(Self.interval)
      } catch {
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
