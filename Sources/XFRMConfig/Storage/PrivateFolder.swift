internal import Glibc
internal import XFRMKit

/// A folder that nobody but its owner gets into, and what is in it.
///
/// Everything is opened relative to it and no symbolic link is followed, so that whoever can write
/// beside it cannot lead a process astray that has more rights.
struct PrivateFolder: ~Copyable {
  let path: String
  private let descriptor: Int32

  /// Opens a folder, which is made if there is none.
  init(_ path: String) throws(StoreProblem) {
    try self.init(path, in: AT_FDCWD, as: path, isMade: true)
  }

  /// Opens a folder, if there is one.
  static func existing(_ path: String) throws(StoreProblem) -> PrivateFolder? {
    guard isThere(path, in: AT_FDCWD) else { return nil }
    return try PrivateFolder(path, in: AT_FDCWD, as: path, isMade: false)
  }

  deinit { close(descriptor) }

  /// A folder in this one, which is made if there is none.
  func folder(_ name: String) throws(StoreProblem) -> PrivateFolder {
    try PrivateFolder(name, in: descriptor, as: "\(path)/\(name)", isMade: true)
  }

  /// A folder in this one, if there is one.
  func existingFolder(_ name: String) throws(StoreProblem) -> PrivateFolder? {
    guard Self.isThere(name, in: descriptor) else { return nil }
    return try PrivateFolder(name, in: descriptor, as: "\(path)/\(name)", isMade: false)
  }

  private init(
    _ name: String, in parent: Int32, as path: String, isMade: Bool
  ) throws(StoreProblem) {
    let opened = try Self.open(name, in: parent, as: path, isMade: isMade)
    self.path = path
    descriptor = opened
  }

  private static func open(
    _ name: String, in parent: Int32, as path: String, isMade: Bool
  ) throws(StoreProblem) -> Int32 {
    var name = name[...]
    // Behind a slash a link would be followed.
    while name.count > 1, name.last == "/" { name.removeLast() }
    // Sound, as all below: the text outlives the call.
    if isMade, unsafe mkdirat(parent, String(name), 0o700) != 0, errno != EEXIST {
      throw StoreProblem(path, "cannot make this folder: \(SystemErrno.current)")
    }
    let opened = unsafe openat(
      parent, String(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else {
      let isLink = errno == ENOTDIR || errno == ELOOP
      throw StoreProblem(
        path, isLink ? "it is no folder, or a symbolic link" : "\(SystemErrno.current)")
    }
    if let problem = Ownership.problem(of: opened, path, isFolder: true) {
      close(opened)
      throw problem
    }
    return opened
  }

  private static func isThere(_ name: String, in parent: Int32) -> Bool {
    var status = stat()
    // Whatever else is wrong with it, opening it will tell.
    return unsafe fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT
  }

  // MARK: Files

  /// Opens a file.
  ///
  /// - Parameter isMade: Whether it is made if there is none.
  /// - Returns: `nil` if there is none.
  func file(_ name: String, isMade: Bool = false) throws(StoreProblem) -> PrivateFile? {
    let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (isMade ? O_CREAT : 0)
    let opened = unsafe openat(descriptor, name, flags, 0o600)
    guard opened >= 0 else {
      if errno == ENOENT { return nil }
      let isLink = errno == ELOOP
      throw StoreProblem(
        "\(path)/\(name)", isLink ? "it is a symbolic link" : "\(SystemErrno.current)")
    }
    if let problem = Ownership.problem(of: opened, "\(path)/\(name)", isFolder: false) {
      close(opened)
      throw problem
    }
    return PrivateFile(opened, "\(path)/\(name)")
  }

  /// Puts a file in the place of another in one step: whoever looks finds the old one or the new
  /// one, whole, and so it is after a crash.
  func replace(_ name: String, with bytes: [UInt8]) throws(StoreProblem) {
    let draft = ".\(name).new"
    // One may be left of a process that died.
    _ = unsafe unlinkat(descriptor, draft, 0)
    do throws(StoreProblem) {
      guard var file = try file(draft, isMade: true) else {
        throw StoreProblem("\(path)/\(draft)", "it vanishes")
      }
      try file.append(bytes)
      try file.synchronize()
      guard unsafe renameat(descriptor, draft, descriptor, name) == 0 else {
        throw StoreProblem("\(path)/\(name)", "\(SystemErrno.current)")
      }
    } catch {
      _ = unsafe unlinkat(descriptor, draft, 0)
      throw error
    }
    try synchronize()
  }

  func remove(_ name: String) throws(StoreProblem) {
    guard unsafe unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw StoreProblem("\(path)/\(name)", "\(SystemErrno.current)")
    }
  }

  /// Makes sure that what was renamed stays so.
  func synchronize() throws(StoreProblem) {
    guard fsync(descriptor) == 0 else { throw StoreProblem(path, "\(SystemErrno.current)") }
  }

  /// What is in it, in alphabetical order; drafts are left out.
  func names() throws(StoreProblem) -> [String] {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = unsafe fdopendir(copy) else {
      throw StoreProblem(path, "\(SystemErrno.current)")
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // Sound: the name of an entry is terminated, and stays until the next is read.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
