internal import Glibc
internal import XFRMKit

/// A folder of files that nobody else is to read, and what is in it.
///
/// Everything is opened relative to it and no symbolic link is followed, so that whoever can write
/// beside it cannot lead a process astray that has more rights.
struct PrivateFolder: ~Copyable {
  let path: String
  private let descriptor: Int32

  /// Opens a folder, which is made if there is none, with what it is in.
  ///
  /// - Parameters:
  ///   - path: Its name.
  ///   - rules: What it has to be like.
  init(_ path: String, _ rules: FileRules = .ourFolder) throws(StoreProblem) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      try Self.make(made, in: AT_FDCWD, as: made)
    }
    try self.init(path, in: AT_FDCWD, as: path, rules)
  }

  /// Opens a folder, if there is one.
  ///
  /// - Parameters:
  ///   - path: Its name.
  ///   - rules: What it has to be like.
  static func existing(
    _ path: String, _ rules: FileRules = .ourFolder
  ) throws(StoreProblem) -> PrivateFolder? {
    try StoreProblem.orMissing { () throws(StoreProblem) in
      try PrivateFolder(path, in: AT_FDCWD, as: path, rules)
    }
  }

  deinit { close(descriptor) }

  /// A folder in this one, which is made if there is none.
  func folder(_ name: String) throws(StoreProblem) -> PrivateFolder {
    try Self.make(name, in: descriptor, as: "\(path)/\(name)")
    return try PrivateFolder(name, in: descriptor, as: "\(path)/\(name)", .ourFolder)
  }

  /// A folder in this one, if there is one.
  func existingFolder(_ name: String) throws(StoreProblem) -> PrivateFolder? {
    try StoreProblem.orMissing { () throws(StoreProblem) in
      try PrivateFolder(name, in: descriptor, as: "\(path)/\(name)", .ourFolder)
    }
  }

  private init(
    _ name: String, in parent: Int32, as path: String, _ rules: FileRules
  ) throws(StoreProblem) {
    var name = name[...]
    // Behind a slash a link would be followed.
    while name.count > 1, name.last == "/" { name.removeLast() }
    descriptor = try rules.open(String(name), in: parent, O_RDONLY | O_DIRECTORY, as: path)
    self.path = path
  }

  private static func make(
    _ name: String, in parent: Int32, as path: String
  ) throws(StoreProblem) {
    // Sound, as all below: the text outlives the call.
    guard unsafe mkdirat(parent, name, 0o700) == 0 || errno == EEXIST else {
      throw StoreProblem(path, .current)
    }
  }

  /// What is the same for the same folder only, whatever it is called.
  func identity() throws(StoreProblem) -> [UInt64] {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw StoreProblem(path, .current) }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// Whether it has no name any more and never will, so that nothing can be put into it.
  var isDeleted: Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_nlink == 0
  }

  /// What the kernel calls a file in it; `nil` if there is none.
  func inode(of name: String) -> UInt64? {
    var status = stat()
    return unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
      ? UInt64(status.st_ino) : nil
  }

  /// Keeps other processes from doing the same with it meanwhile.
  func locked<Result>(
    _ body: () throws(StoreProblem) -> Result
  ) throws(StoreProblem) -> Result {
    try FolderLock.wait(for: descriptor, path)
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }

  /// Returns when names that were given and taken would survive the end of the machine.
  func synchronize() throws(StoreProblem) {
    guard fsync(descriptor) == 0 else { throw StoreProblem(path, .current) }
  }

  // MARK: Files

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - flags: How, and whether it is made.
  func file(_ name: String, _ flags: Int32 = O_RDONLY) throws(StoreProblem) -> PrivateFile {
    try file(name, flags, as: name)
  }

  /// Opens a file to read it, if there is one.
  func existingFile(_ name: String) throws(StoreProblem) -> PrivateFile? {
    try StoreProblem.orMissing { () throws(StoreProblem) in try file(name) }
  }

  private func file(
    _ name: String, _ flags: Int32, as shown: String
  ) throws(StoreProblem) -> PrivateFile {
    let path = "\(path)/\(shown)"
    return PrivateFile(try FileRules.ours.open(name, in: descriptor, flags, as: path), path)
  }

  /// Puts a file in the place of another in one step: whoever looks finds the old one or the new
  /// one, whole, and so it is after a crash.
  func replace(_ name: String, with bytes: [UInt8]) throws(StoreProblem) {
    let draft = ".\(name).new"
    // One may be left of a process that died.
    _ = unsafe unlinkat(descriptor, draft, 0)
    do throws(StoreProblem) {
      var file = try file(draft, O_WRONLY | O_CREAT | O_EXCL, as: name)
      try file.append(bytes)
      guard unsafe renameat(descriptor, draft, descriptor, name) == 0 else {
        throw StoreProblem(file.path, .current)
      }
    } catch {
      _ = unsafe unlinkat(descriptor, draft, 0)
      throw error
    }
    try synchronize()
  }

  /// Takes a file's name away, if it is there.
  func remove(_ name: String) throws(StoreProblem) {
    guard unsafe unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw StoreProblem("\(path)/\(name)", .current)
    }
  }

  /// Overwrites a file with zeros and takes its name away. What keeps old blocks, as flash memory
  /// and some file systems do, keeps them.
  func erase(_ name: String) throws(StoreProblem) {
    try file(name, O_WRONLY).overwrite()
    try remove(name)
    try synchronize()
  }

  /// What is in it, in alphabetical order; names that begin with a dot are left out, as drafts do.
  func names() throws(StoreProblem) -> [String] {
    let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0, let stream = unsafe fdopendir(copy) else {
      throw StoreProblem(path, .current)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(stream) {
      // Sound: the name of an entry is terminated, and stays until the next is read.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw StoreProblem(path, .current) }
    return names.sorted()
  }
}
