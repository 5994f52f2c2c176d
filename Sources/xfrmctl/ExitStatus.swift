import ArgumentParser

/// What the exit status of every command means.
enum ExitStatus: Int32 {
  case done = 0
  /// The kernel is as it was, or was put back; the message says which.
  case failed = 1
  /// Or something is not as it was laid down, where that was asked.
  case readyWithWarnings = 2
  case notReady = 3
  case undecided = 4
  /// What was to be confirmed was not in time, or what was applied is not as it was asked for.
  case rolledBack = 5
  case usage = 64
  case invalidInput = 65
  case notInThisKernel = 69
  case internalError = 70
  /// State or a journal.
  case cannotWrite = 73
  /// Another process is at work, or the kernel moved since the plan.
  case busy = 75
  case permission = 77

  static var different: Self { .readyWithWarnings }

  var code: ExitCode { ExitCode(rawValue) }
}
