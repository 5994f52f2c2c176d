import ArgumentParser

/// What the exit status of every command means.
enum ExitStatus: Int32 {
  case done = 0
  /// The kernel is as it was, or was put back; the message says which.
  case failed = 1
  case readyWithWarnings = 2
  case notReady = 3
  case undecided = 4
  case usage = 64
  case invalidInput = 65
  case notInThisKernel = 69
  case internalError = 70
  case permission = 77

  var code: ExitCode { ExitCode(rawValue) }
}
