import Glibc
import XFRMKit

/// A file that a command was told to write.
enum OutputFile {
  /// Writes it anew.
  ///
  /// - Parameters:
  ///   - path: No symbolic link.
  ///   - permissions: Of a file that was not there.
  static func write(
    _ bytes: [UInt8], to path: String, permissions: mode_t
  ) throws(Failure) {
    // Sound: the text outlives the call.
    let descriptor = unsafe open(
      path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw Failure("\(path): \(SystemErrno(errno))", .cannotWrite) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      // Sound: the bytes outlive the call.
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw Failure("\(path): \(SystemErrno(errno))", .cannotWrite) }
      rest = rest.dropFirst(count)
    }
  }
}
