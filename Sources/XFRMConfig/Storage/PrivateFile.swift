internal import Glibc
internal import XFRMKit

/// A file that nobody but its owner gets at.
struct PrivateFile: ~Copyable {
  let path: String
  let descriptor: Int32
  /// In bytes.
  private(set) var length: Int

  /// Takes over an open file.
  init(_ descriptor: Int32, _ path: String) {
    self.path = path
    self.descriptor = descriptor
    length = max(0, Int(lseek(descriptor, 0, SEEK_END)))
  }

  deinit { close(descriptor) }

  /// All of it.
  func content() throws(StoreProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: length)
    var done = 0
    while done < length {
      // Sound: so many bytes are left.
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress?.advanced(by: done), length - done, off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw StoreProblem(path, "\(SystemErrno.current)", kind: .unreadable)
      }
      guard count > 0 else { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }

  /// Adds bytes at the end; if that fails none of them stay.
  mutating func append(_ bytes: [UInt8]) throws(StoreProblem) {
    let start = length
    var rest = bytes[...]
    while !rest.isEmpty {
      // Sound: the bytes outlive the call.
      let count = unsafe rest.withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(length))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let problem = StoreProblem(path, "\(SystemErrno.current)")
        // Where not even that is possible the reader finds a line without an end.
        try? truncate(to: start)
        throw problem
      }
      length += count
      rest = rest.dropFirst(count)
    }
  }

  /// Returns when everything would survive the end of the machine.
  func synchronize() throws(StoreProblem) {
    guard fdatasync(descriptor) == 0 else { throw StoreProblem(path, "\(SystemErrno.current)") }
  }

  mutating func truncate(to count: Int) throws(StoreProblem) {
    guard ftruncate(descriptor, off_t(count)) == 0 else {
      throw StoreProblem(path, "\(SystemErrno.current)")
    }
    length = count
  }

  /// Makes sure, as far as the file system tells, that there is room for so many bytes more.
  func reserve(_ count: Int) throws(StoreProblem) {
    try StoreProblem.checkRoom(for: count, descriptor, path)
  }
}

extension StoreProblem {
  /// Makes sure, as far as the file system tells, that an open file has room for so many bytes more.
  static func checkRoom(
    for count: Int, _ descriptor: Int32, _ path: String
  ) throws(StoreProblem) {
    var status = statvfs()
    // Sound: the status outlives the call.
    guard unsafe fstatvfs(descriptor, &status) == 0 else {
      throw StoreProblem(path, "\(SystemErrno.current)")
    }
    guard UInt64(status.f_bavail) * UInt64(status.f_frsize) >= UInt64(count) else {
      throw StoreProblem(path, "there is no room for \(count) bytes more")
    }
  }
}
