import CGuard
import Glibc
import XFRMKit

/// This program in a process that outlives the one that starts it, its shell, its session and its
/// program's file.
enum BackgroundProcess {
  /// Returns once it has announced that it is there.
  ///
  /// - Parameters:
  ///   - words: Its arguments.
  ///   - patience: How long it has to begin, and then for that, in milliseconds.
  /// - Returns: 0; a negative error number if it did not begin; or how it ended if it began, and was
  ///   not there before: its exit status, or 128 and the number of a signal. Then it has said why.
  static func start(_ words: [String], patience: Int32) -> Int32 {
    let copy = cgd_copy_program()
    defer { if copy >= 0 { close(copy) } }
    var status: Int32 = 0
    for program in programs(hasCopy: copy >= 0) {
      let block = (program + words).flatMap { Array($0.utf8CString) }
      // Sound: the words outlive the call.
      status = unsafe block.withUnsafeBufferPointer {
        unsafe cgd_start($0.baseAddress, $0.count, copy, patience)
      }
      // What began has had its try, and may have been ended by somebody who wanted that.
      if status >= 0 { break }
    }
    return status
  }

  /// Why it is not there, of what ``start(_:patience:)`` returned.
  static func reason(_ status: Int32) -> String {
    switch status {
    case ..<0: "\(SystemErrno(-status))"
    case 129...: "its process was ended by signal \(status - 128)"
    default: "its process ended with exit status \(status)"
    }
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

  // MARK: What is in it

  /// Gives up where the program was found, and has been read; before anything else has that number.
  /// From here on it may complain, and no other program is tried in its place.
  static func begin() throws(Failure) {
    close(3)
    dup2(4, STDERR_FILENO)
    close(4)
    try Terminal.write([UInt8(ascii: "\n")])
  }

  /// Says that it is there, after which nobody listens any more.
  static func announce() throws(Failure) {
    try Terminal.write([UInt8(ascii: "\n")])
    // Sound: the text outlives the call.
    let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    guard null >= 0 else { return }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] { dup2(null, descriptor) }
    close(null)
  }
}
