internal import Glibc
internal import XFRMKit

/// A file that is closed when it is no longer needed.
struct LogFile: ~Copyable, Sendable {
  let descriptor: Int32

  /// Opens a file to be read.
  init(reading path: String) throws(MessageLogError) {
    descriptor = try Self.open(path, O_RDONLY)
  }

  /// Begins a file, or an old one anew. A new one only its owner may read: the kernel's messages hold
  /// keys.
  init(writing path: String) throws(MessageLogError) {
    descriptor = try Self.open(path, O_WRONLY | O_CREAT | O_TRUNC)
  }

  private static func open(_ path: String, _ flags: Int32) throws(MessageLogError) -> Int32 {
    // To C the path would end there.
    guard !path.utf8.contains(0) else { throw .system(.invalidArgument) }
    // Sound: the text outlives the call.
    let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(.current) }
    return descriptor
  }

  deinit { close(descriptor) }
}
