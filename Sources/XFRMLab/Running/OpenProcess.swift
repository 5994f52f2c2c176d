internal import CNetlink
internal import Glibc
internal import XFRMKit

/// A process that cannot be mistaken for another one.
final class OpenProcess: Sendable {
  let number: Int32
  private let descriptor: Int32

  /// `nil` if there is none of that number.
  init?(_ number: Int32) throws(LabError) {
    self.number = number
    descriptor = cnl_open_process(number)
    guard descriptor != -ESRCH else { return nil }
    guard descriptor >= 0 else {
      throw .system("open process \(number)", SystemErrno(-descriptor))
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// What became of a process that was to end.
  enum Ending: Hashable {
    case ended
    /// This user may not end it.
    case notPermitted
    /// It was killed, and is still there: something in the kernel holds it.
    case stays
  }

  /// Asks it to end, and makes it if it does not.
  ///
  /// - Parameter patience: How long it has for either, in milliseconds.
  func end(patience: Int) -> Ending {
    Self.end([self], patience: patience).first?.ending ?? .ended
  }

  /// Asks all of them to end before the first is waited for, and makes those that do not.
  ///
  /// - Parameters:
  ///   - processes: Which.
  ///   - patience: How long all of them have for either, in milliseconds.
  static func end(
    _ processes: [OpenProcess], patience: Int
  ) -> [(process: OpenProcess, ending: Ending)] {
    var deadline = ContinuousClock.now
    return Ending.of(
      processes,
      signalling: { process, signal in
        deadline = ContinuousClock.now + .milliseconds(patience)
        return cnl_signal_process(process.descriptor, signal)
      }, waiting: { $0.hasEnded(by: deadline) })
  }

  /// Waits until it has ended; `false` if it has not in time. A signal to this process is neither.
  private func hasEnded(by deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let left = max(.zero, deadline - ContinuousClock.now)
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // Sound: the entry outlives the call.
      let result = unsafe poll(&entry, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
      if result > 0 { return true }
      if result == 0 || errno != EINTR { return false }
    }
  }
}

extension OpenProcess.Ending {
  /// - Parameters:
  ///   - processes: Those that are to end.
  ///   - signal: Sends one, and returns 0 or an error number below it.
  ///   - wait: Whether it ends in time.
  static func of<Process>(
    _ processes: [Process], signalling signal: (Process, Int32) -> Int32,
    waiting wait: (Process) -> Bool
  ) -> [(process: Process, ending: Self)] {
    var left = processes
    var endings: [(process: Process, ending: Self)] = []
    for number in [SIGTERM, SIGKILL] {
      left = left.filter { process in
        // What is no more ends as well as what is told to.
        guard signal(process, number) == -EPERM else { return true }
        endings.append((process, .notPermitted))
        return false
      }
      left = left.filter { process in
        guard wait(process) else { return true }
        endings.append((process, .ended))
        return false
      }
    }
    return endings + left.map { ($0, .stays) }
  }

  /// - Parameter what: What has not ended, for somebody to read.
  func check(_ what: @autoclosure () -> String) throws(LabError) {
    switch self {
    case .ended: return
    case .notPermitted: throw .system("end \(what())", .notPermitted)
    case .stays: throw .stillRunning(what())
    }
  }
}
