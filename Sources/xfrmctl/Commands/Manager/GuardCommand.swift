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

  /// How often it looks whether it is still needed.
  private static let interval: UInt64 = 200

  @Option(help: "Which one, by its deadline in milliseconds since the kernel started.")
  var deadline: UInt64

  @OptionGroup var place: ManagerOptions

  func run() throws {
    let manager = try place.manager()
    guard var pending = try pending(manager) else {
    // Where the program was found, and has been read. Nothing of ours has that number yet.
    close(3)
      throw Failure("nothing has to be confirmed by then", .failed)
    }
    try Terminal.write([UInt8(ascii: "\n")])
    Self.closeOutput()
    var mark = manager.journalMark()
    while !pending.isOver {
      usleep(UInt32(clamping: min(Self.interval, pending.timeLeft + 1) * 1000))
      let present = manager.journalMark()
      guard present != mark else { continue }
      mark = present
      guard let still = try self.pending(manager) else { return }
      pending = still
    }
    try leadBack(manager)
  }

  /// Whoever is at work is waited for: it may be who applies, or who leads back.
  private func leadBack(_ manager: Manager) throws {
    var failures = 0
    while let pending = try pending(manager) {
      do { return _ = try manager.finish(pending.recovery, place.keys) } catch {
        if case ManagerFailure.store(let problem) = error, problem.kind == .busy {
          usleep(UInt32(Self.interval * 1000))
          continue
        }
        failures += 1
        // The next run of any command finds it, and tells why.
        guard failures < 10 else { throw error }
        sleep(1)
      }
    }
  }

  private func pending(_ manager: Manager) throws(ManagerFailure) -> Pending? {
    try manager.pending().flatMap { $0.deadline == deadline ? $0 : nil }
  }

  /// Nobody listens any more.
  private static func closeOutput() {
    // Sound: the text outlives the call.
    let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard null >= 0 else { return }
    dup2(null, STDOUT_FILENO)
    close(null)
  }
}
