internal import Glibc
internal import XFRMKit

/// A file that nobody but its owner gets at.
struct PrivateFile: ~Copyable {
  let path: String
  let descriptor: Int32
  /// In bytes, when it was opened or last changed here, or measured since.
  private(set) var length = 0

  /// Takes over an open file.
  init(_ descriptor: Int32, _ path: String) {
    self.path = path
    self.descriptor = descriptor
    measure()
  }

  deinit { close(descriptor) }

  /// Finds out how long it is by now.
  mutating func measure() { length = max(0, Int(lseek(descriptor, 0, SEEK_END))) }

  // MARK: Reading

  /// All of it.
  func content() throws(StoreProblem) -> [UInt8] { try read(at: 0, count: length) }

  /// The bytes from a place on.
  ///
  /// - Parameters:
  ///   - offset: Where they begin.
  ///   - count: So many; there are fewer at the end.
  func read(at offset: Int, count: Int) throws(StoreProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      // Sound: so many bytes are left.
      let length = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(
          descriptor, $0.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
      }
      if length == 0 { break }
      if length > 0 {
        done += length
      } else if errno != EINTR {
        throw StoreProblem(path, .current)
      }
    }
    return done == count ? bytes : Array(bytes.prefix(done))
  }

  /// All of it, if others are not to know it.
  ///
  /// - Parameter most: In bytes; of more one byte more is read.
  func secret(atMost most: Int) throws(StoreProblem) -> Secret {
    lseek(descriptor, 0, SEEK_SET)
    return try SecretFile.read(descriptor, path, atMost: most)
  }

  // MARK: Writing

  /// Adds bytes at the end, and returns when they would survive the end of the machine. If that
  /// fails none of them stay.
  mutating func append(_ bytes: [UInt8]) throws(StoreProblem) {
    let start = length
    do throws(StoreProblem) { try write(bytes, at: start) } catch {
      // What may or may not be on disk must not be believed. Where not even that is possible the
      // reader finds a line without an end, or one of what was not begun.
      _ = ftruncate(descriptor, off_t(start))
      measure()
      throw error
    }
    length = start + bytes.count
  }

  /// Puts zeros in the place of all bytes.
  func overwrite() throws(StoreProblem) {
    try write([UInt8](repeating: 0, count: length), at: 0)
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(StoreProblem) {
    var done = 0
    while done < bytes.count {
      // Sound: so many bytes are left.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe pwrite(
          descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, off_t(offset + done))
      }
      if count > 0 {
        done += count
      } else if errno != EINTR {
        throw StoreProblem(path, .current)
      }
    }
    guard fdatasync(descriptor) == 0 else { throw StoreProblem(path, .current) }
  }

  mutating func truncate(to count: Int) throws(StoreProblem) {
    guard ftruncate(descriptor, off_t(count)) == 0 else { throw StoreProblem(path, .current) }
    length = count
  }

  /// Makes sure, as far as the file system tells, that there is room for so many bytes more.
  func reserve(_ count: Int) throws(StoreProblem) {
    var status = statvfs()
    // Sound: the status outlives the call.
    guard unsafe fstatvfs(descriptor, &status) == 0 else { throw StoreProblem(path, .current) }
    guard UInt64(status.f_bavail) * UInt64(status.f_frsize) >= UInt64(count) else {
      throw StoreProblem(path, "there is no room for \(count) bytes more")
    }
  }
}
