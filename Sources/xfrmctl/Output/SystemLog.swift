import CGuard

/// Where an administrator finds what a process has to say that nobody watches.
enum SystemLog {
  /// Leaves a message there, without what may be a key in it.
  static func tell(_ message: String) {
    for line in Redaction.redacted(message).split(separator: "\n") {
      // Sound: the text outlives the call.
      unsafe cgd_log(String(line))
    }
  }
}
