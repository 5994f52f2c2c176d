internal import Glibc
internal import XFRMKit

extension Folder {
  /// Writes a file that its owner alone can read: the whole of it, or nothing that anybody finds.
  ///
  /// The folder has to be locked.
  ///
  /// - Parameters:
  ///   - bytes: What is to be in it.
  ///   - name: Replaces what has that name.
  func write(_ bytes: [UInt8], to name: String) throws(StoreProblem) {
    let (path, temporary) = (file(name), file(".\(name).new"))
    // One may be left of a process that was killed. Sound, here and below: paths outlive the calls.
    unsafe unlink(temporary)
    let descriptor = unsafe Glibc.open(
      temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreProblem(path, .current) }
    do throws(StoreProblem) {
      defer { close(descriptor) }
      guard fchmod(descriptor, 0o600) == 0 else { throw StoreProblem(path, .current) }
      try Self.write(bytes[...], to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw StoreProblem(path, .current) }
      guard unsafe rename(temporary, path) == 0 else { throw StoreProblem(path, .current) }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    try sync()
  }

  /// Writes all the bytes.
  static func write(
    _ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String
  ) throws(StoreProblem) {
    var done = 0
    while done < bytes.count {
      // Sound: so many bytes are left.
      let count = unsafe bytes.withUnsafeBytes { space in
        unsafe Glibc.write(descriptor, space.baseAddress?.advanced(by: done), space.count - done)
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw StoreProblem(path, .current)
      }
    }
  }

  /// Overwrites a file with zeros and takes its name away. What keeps old blocks, as flash memory
  /// and some file systems do, keeps them.
  func erase(_ name: String) throws(StoreProblem) {
    let path = file(name)
    // Sound: paths outlive the calls.
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw StoreProblem(path, .current) }
    defer { close(descriptor) }
    try SecretFile.check(descriptor, path, [.owned, .regular])
    let length = lseek(descriptor, 0, SEEK_END)
    guard length >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw StoreProblem(path, .current)
    }
    try Self.write([UInt8](repeating: 0, count: Int(length))[...], to: descriptor, path)
    guard fsync(descriptor) == 0, unsafe unlink(path) == 0 else {
      throw StoreProblem(path, .current)
    }
    try sync()
  }
}
