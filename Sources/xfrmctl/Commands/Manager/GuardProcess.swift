import CGuard
import Glibc
import XFRMConfig
import XFRMKit

/// The process that leads back from a configuration that nobody confirms, whatever becomes of the
/// one that applied it, its shell, its session and its program's file.
enum GuardProcess {
  /// It has that long to say that it is there.
  private static let patience: Int32 = 10_000

  /// Returns once it is there.
  ///
  /// - Parameters:
  ///   - pending: What it waits for.
  ///   - place: Where the manager works.
  ///   - namespace: The named network namespace; this process's own if `nil`.
  static func start(
    _ pending: Pending, _ place: ManagerOptions, in namespace: String?
  ) throws(HostProblem) {
    var words = ["guard", "--deadline", "\(pending.deadline)"]
    words += ["--run-dir", place.runDir, "--state-dir", place.stateDir]
    if let namespace { words += ["--namespace", namespace] }
    let copy = cgd_copy_program()
    defer { if copy >= 0 { close(copy) } }
    var status: Int32 = 0
    for program in programs(hasCopy: copy >= 0) {
      let block = (program + words).flatMap { Array($0.utf8CString) }
      // Sound: the words outlive the call.
      status = unsafe block.withUnsafeBufferPointer {
        unsafe cgd_start($0.baseAddress, $0.count, copy, patience)
      }
      if status == 0 { return }
    }
    throw HostProblem(
      "no process could be started that leads back when the time is over: \(SystemErrno(-status))")
  }

  /// What may serve, the best first.
  private static func programs(hasCopy: Bool) -> [[String]] {
    // systemd may end all that a user has left behind, and does not with what is a unit.
    // Sound: the text outlives the call.
    let isUnderSystemd = unsafe access("/run/systemd/system", F_OK) == 0
    let copy = hasCopy ? [["/proc/self/fd/3"]] : []
    let unit = ["systemd-run", "--scope", "--quiet", "--collect", "--"]
    // A copy may not find its libraries, where those are beside the program.
    return (isUnderSystemd ? copy.map { unit + $0 } : []) + copy + [["/proc/self/exe"]]
  }
}
