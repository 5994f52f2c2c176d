import Glibc
import XFRMKit

/// A file that a command was told to write.
enum OutputFile {
  /// Puts a new file in the place of an old one in one step: where that fails the old one stays.
  ///
  /// - Parameters:
  ///   - bytes: All that is to be in it.
  ///   - path: A regular file, or nothing yet.
  ///   - permissions: Of the new file, whatever the old one had.
  static func write(
    _ bytes: [UInt8], to path: String, permissions: mode_t
  ) throws(Failure) {
    var status = stat()
    // Sound, as all below: text, status and bytes outlive the calls.
    if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw Failure("\(path): it is no regular file", .cannotWrite)
    }
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let draft = "\(path[..<name]).\(path[name...]).new"
    // One may be left of a process that died.
    _ = unsafe unlink(draft)
    do throws(SystemErrno) {
      try write(bytes, toDraft: draft, permissions)
      guard unsafe rename(draft, path) == 0 else { throw .current }
    } catch {
      _ = unsafe unlink(draft)
      throw Failure("\(path): \(error)", .cannotWrite)
    }
  }

  private static func write(
    _ bytes: [UInt8], toDraft path: String, _ permissions: mode_t
  ) throws(SystemErrno) {
    let descriptor = unsafe open(
      path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw .current }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw .current }
      rest = rest.dropFirst(count)
    }
    // A disk may say only now that it is full.
    guard fsync(descriptor) == 0 else { throw .current }
  }
}
