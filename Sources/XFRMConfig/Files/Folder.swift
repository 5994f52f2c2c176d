internal import Glibc
internal import XFRMKit

/// A directory of files that nobody else is to read.
struct Folder {
  var path: String

  init(_ path: String) { self.path = path }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes it if it is not there, with what it is in, and looks whether others could put files
  /// into it.
  ///
  /// - Returns: What is the same for the same directory only, whatever it is called.
  @discardableResult
  func make() throws(StoreProblem) -> [UInt64] {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      // Sound: the path outlives the call.
      guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else {
        throw StoreProblem(made, .current)
      }
    }
    let descriptor = try open()
    defer { close(descriptor) }
    var status = stat()
    // Sound: the status outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { throw StoreProblem(path, .current) }
    guard status.st_uid == 0 || status.st_uid == geteuid() else {
      throw StoreProblem(path, that: "belongs to somebody else (user \(status.st_uid))")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw StoreProblem(path, that: "can be written by others: chmod 700 \(path)")
    }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// The names in it, without those that begin with a dot; none if it is not there.
  func names() throws(StoreProblem) -> [String] {
    // Sound: the path outlives the call, and an entry is copied before the next is read.
    guard let directory = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw StoreProblem(path, .current)
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    guard errno == 0 else { throw StoreProblem(path, .current) }
    return names.sorted()
  }

  /// Keeps other processes from doing the same with it meanwhile.
  func locked<Result>(
    _ body: () throws(StoreProblem) -> Result
  ) throws(StoreProblem) -> Result {
    let descriptor = try open()
    // The lock goes with the descriptor.
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw StoreProblem(path, .current) }
    }
    return try body()
  }

  /// Returns when names that were given and taken would survive a power failure.
  func sync() throws(StoreProblem) {
    let descriptor = try open()
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StoreProblem(path, .current) }
  }

  private func open() throws(StoreProblem) -> Int32 {
    // Sound: the path outlives the call.
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreProblem(path, .current) }
    return descriptor
  }
}
