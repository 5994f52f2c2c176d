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
    let status = BackgroundProcess.start(words, patience: patience)
    if status == 0 { return }
    throw HostProblem(
      "no process could be started that leads back when the time is over: "
        + BackgroundProcess.reason(status))
  }
}
