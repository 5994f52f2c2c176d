internal import Glibc
internal import Netlink

/// Why a file of this tool could not be written, read back or removed.
struct FileChangeError: Error, Hashable, CustomStringConvertible {
  var path: String
  var reason: String

  var description: String { "\(path): \(reason)" }
}

/// A directory that this tool keeps files of its own in. Neither it nor they may be symbolic links,
/// which could lead what root writes anywhere.
struct OwnDirectory: ~Copyable {
  private let path: String
  private let descriptor: CInt

  /// Opens a directory, which is made if it is not there.
  ///
  /// - Parameter isPrivate: Whether nobody else may look into it or have made it.
  init(_ path: String, isPrivate: Bool) throws(FileChangeError) {
    let mode: mode_t = isPrivate ? 0o700 : 0o755
    if unsafe mkdir(path, mode) != 0 {
      let problem = SystemErrno.current
      if problem != .fileExists { throw FileChangeError(path, problem) }
    }
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileChangeError(path, .current) }
    do throws(FileChangeError) {
      if isPrivate { try Self.refuseStrangers(descriptor, path) }
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  private static func refuseStrangers(_ file: CInt, _ path: String) throws(FileChangeError) {
    let status = try status(file, path)
    guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw FileChangeError(path: path, reason: "somebody else may write there")
    }
  }

  deinit { close(descriptor) }

  /// A file's text; `nil` if there is none.
  func text(_ name: String) throws(FileChangeError) -> String? {
    // Not blocking: somebody may have left a pipe there.
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let file = unsafe openat(descriptor, name, flags)
    guard file >= 0 else {
      let problem = SystemErrno.current
      if problem == .noSuchFile { return nil }
      throw FileChangeError("\(path)/\(name)", problem)
    }
    defer { close(file) }
    let size = try Self.status(file, "\(path)/\(name)").st_size
    guard size <= 1 << 16 else {
      throw FileChangeError(path: "\(path)/\(name)", reason: "it is too long")
    }
    var problem: SystemErrno?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      // Sound: read fills at most the buffer, and reports how much of it.
      let result = unsafe read(file, buffer.baseAddress, buffer.count)
      if result < 0 { problem = .current }
      count = max(0, result)
    }
    if let problem { throw FileChangeError("\(path)/\(name)", problem) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Puts a file in the place of one of the same name, all at once.
  func replace(_ name: String, with text: String, mode: mode_t) throws(FileChangeError) {
    // An older one of an attempt that was interrupted.
    let draft = ".\(name).new"
    unsafe unlinkat(descriptor, draft, 0)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = unsafe openat(descriptor, draft, flags, mode)
    guard file >= 0 else { throw FileChangeError("\(path)/\(draft)", .current) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    // Whatever the caller's umask is.
    guard fchmod(file, mode) == 0, unsafe write(file, bytes, bytes.count) == bytes.count,
      fsync(file) == 0, unsafe renameat(descriptor, draft, descriptor, name) == 0
    else {
      let error = FileChangeError("\(path)/\(name)", .current)
      unsafe unlinkat(descriptor, draft, 0)
      throw error
    }
  }

  /// Takes a file away, if there is one.
  func remove(_ name: String) throws(FileChangeError) {
    guard unsafe unlinkat(descriptor, name, 0) != 0 else { return }
    let problem = SystemErrno.current
    if problem != .noSuchFile { throw FileChangeError("\(path)/\(name)", problem) }
  }

  private static func status(_ file: CInt, _ path: String) throws(FileChangeError) -> stat {
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw FileChangeError(path, .current) }
    return status
  }
}

extension FileChangeError {
  fileprivate init(_ path: String, _ errno: SystemErrno) {
    let isLink = errno.rawValue == ELOOP || errno.rawValue == ENOTDIR
    self.init(
      path: path, reason: isLink ? "it is a symbolic link or no directory" : "\(errno)")
  }
}
