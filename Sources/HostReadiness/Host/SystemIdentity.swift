internal import Glibc

/// What `uname` says.
struct SystemIdentity: Sendable {
  var system: String
  var hostname: String
  var release: String
  var architecture: String

  static var current: SystemIdentity {
    var names = utsname()
    // Sound: uname fills every field with a terminated string, and fails for no valid pointer.
    unsafe uname(&names)
    return SystemIdentity(
      system: text(of: &names.sysname), hostname: text(of: &names.nodename),
      release: text(of: &names.release), architecture: text(of: &names.machine))
  }

  private static func text<Field>(of field: inout Field) -> String {
    unsafe withUnsafeBytes(of: &field) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
