internal import Glibc
internal import XFRMKit

/// Whether what was opened is this user's and nobody else's.
enum Ownership {
  /// - Returns: `nil` if it is.
  static func problem(of descriptor: Int32, _ path: String, isFolder: Bool) -> StoreProblem? {
    var status = stat()
    // Sound: the status outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else {
      return StoreProblem(path, "\(SystemErrno.current)")
    }
    guard status.st_mode & S_IFMT == (isFolder ? S_IFDIR : S_IFREG) else {
      return StoreProblem(path, isFolder ? "it is no folder" : "it is no regular file")
    }
    guard status.st_uid == geteuid() else {
      return StoreProblem(path, "it belongs to user \(status.st_uid), not to \(geteuid())")
    }
    guard status.st_mode & 0o077 == 0 else {
      return StoreProblem(path, "others may use it: chmod \(isFolder ? 700 : 600) \(path)")
    }
    return nil
  }
}
