internal import Glibc
internal import XFRMKit

/// What is asked of a file or a folder before anything is read of it or put into it.
package struct FileRules: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Nobody but its owner can do anything with it.
  package static let closed = FileRules(rawValue: 1)
  /// It belongs to the caller or to root: whoever it belongs to can read it at any time.
  package static let owned = FileRules(rawValue: 2)
  /// It is no pipe, no device and no directory.
  package static let regular = FileRules(rawValue: 4)
  /// Its name is no symbolic link.
  package static let noLink = FileRules(rawValue: 8)
  /// Nobody but its owner can write to it.
  static let guarded = FileRules(rawValue: 16)
  /// It is a regular file or a pipe, such as a shell makes for `<(…)`.
  package static let fileOrPipe = FileRules(rawValue: 32)

  /// For files that we write ourselves.
  static let ours: FileRules = [.closed, .owned, .regular, .noLink]
  /// For the folders that they are in.
  static let ourFolder: FileRules = [.closed, .owned, .noLink]
  /// For folders that a user may have made for such files.
  static let usersFolder: FileRules = [.guarded, .owned, .noLink]

  /// Opens a file or a folder, and looks whether it is as these rules have it.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - folder: What that is relative to.
  ///   - flags: How to open it.
  ///   - path: What errors call it.
  func open(
    _ name: String, in folder: Int32 = AT_FDCWD, _ flags: Int32, as path: String
  ) throws(StoreProblem) -> Int32 {
    var flags = flags | O_CLOEXEC | O_NOCTTY
    if contains(.noLink) { flags |= O_NOFOLLOW }
    // A pipe that nobody writes to would block.
    if contains(.regular) { flags |= O_NONBLOCK }
    // Sound: the name outlives the call.
    let descriptor = unsafe openat(folder, name, flags, 0o600)
    guard descriptor >= 0 else {
      if flags & O_DIRECTORY != 0, errno == ENOTDIR || errno == ELOOP {
        throw StoreProblem(path, that: "is no folder, or a symbolic link")
      }
      throw errno == ELOOP && contains(.noLink)
        ? StoreProblem(path, that: "is a symbolic link; name the file itself")
        : errno == EISDIR
          ? StoreProblem(path, that: "is no regular file") : StoreProblem(path, .current)
    }
    do throws(StoreProblem) {
      try check(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// Looks at what was opened, and not at what has its name by now.
  func check(_ descriptor: Int32, _ path: String) throws(StoreProblem) {
    var status = stat()
    // Sound: the status outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { throw StoreProblem(path, .current) }
    if contains(.regular), status.st_mode & S_IFMT != S_IFREG {
      throw StoreProblem(path, that: "is no regular file")
    }
    // Before its mode: nobody is to be told to close /tmp or /dev/null to others.
    if contains(.fileOrPipe), ![S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) {
      throw StoreProblem(path, that: "is neither a regular file nor a pipe")
    }
    if contains(.owned), status.st_uid != 0, status.st_uid != geteuid() {
      throw StoreProblem(
        path, that: "belongs to somebody else (user \(status.st_uid)): chown \(geteuid()) \(path)")
    }
    let mode = status.st_mode & S_IFMT == S_IFDIR ? 700 : 600
    if contains(.closed), status.st_mode & 0o077 != 0 {
      throw StoreProblem(path, that: "can be read by others: chmod \(mode) \(path)")
    }
    if contains(.guarded), status.st_mode & 0o022 != 0 {
      throw StoreProblem(path, that: "can be written by others: chmod \(mode) \(path)")
    }
  }
}
