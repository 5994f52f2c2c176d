internal import Glibc
internal import XFRMKit

/// A file of lines that only grows, and that several processes add to.
struct LedgerFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  /// Behind the last line that was read or written.
  private(set) var end = 0
  /// What was read behind that.
  private var rest: ArraySlice<UInt8> = []

  /// Opens it, and makes it if it is not there.
  init(_ path: String) throws(StoreProblem) {
    self.path = path
    // Sound: the path outlives the call.
    descriptor = unsafe open(
      path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else {
      throw errno == ELOOP
        ? StoreProblem(path, that: "is a symbolic link") : StoreProblem(path, .current)
    }
    try SecretFile.check(descriptor, path, .ours)
  }

  deinit { close(descriptor) }

  /// Keeps others away until ``unlock()``.
  func lock() throws(StoreProblem) {
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw StoreProblem(path, .current) }
    }
  }

  func unlock() { flock(descriptor, LOCK_UN) }

  /// The next line that was not read before, without its end, and where it begins; `nil` behind the
  /// last.
  mutating func nextLine() throws(StoreProblem) -> (line: ArraySlice<UInt8>, offset: Int)? {
    while true {
      if let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = rest[..<newline]
        rest = rest[(newline + 1)...]
        defer { end += line.count + 1 }
        return (line, end)
      }
      guard rest.count < Self.chunk else { throw damaged }
      let more = try read(at: end + rest.count, count: Self.chunk)
      if more.isEmpty { return nil }
      rest = (rest + more)[...]
    }
  }

  /// Mends what a writer left behind the last line that was killed: a line that lacks its end alone
  /// gets it; the beginning of one goes away, as what it would have announced was not begun.
  ///
  /// - Returns: Whether there is a line more to read.
  mutating func mendEnd() throws(StoreProblem) -> Bool {
    // Somebody may have cut it since.
    guard lseek(descriptor, 0, SEEK_END) == off_t(end + rest.count) else { throw damaged }
    guard !rest.isEmpty else { return false }
    if JournalLine(rest) != nil {
      try Folder.write([UInt8(ascii: "\n")], to: descriptor, path)
      return true
    }
    // Then the end is not missing but another.
    guard JournalLine(rest.dropLast()) == nil else { throw damaged }
    rest = []
    guard ftruncate(descriptor, off_t(end)) == 0 else { throw StoreProblem(path, .current) }
    return false
  }

  /// The line that begins at a place, without its end.
  func line(at offset: Int) throws(StoreProblem) -> ArraySlice<UInt8> {
    try read(at: offset, count: Self.longestLine).prefix { $0 != UInt8(ascii: "\n") }
  }

  /// Makes sure, as far as the file system tells, that there is room for so many bytes more.
  func reserve(_ count: Int) throws(StoreProblem) {
    try StoreProblem.checkRoom(for: count, descriptor, path)
  }

  /// Adds lines, and returns when they would survive a power failure: all of them, or none.
  ///
  /// - Returns: Where each begins.
  mutating func append(_ lines: [JournalLine]) throws(StoreProblem) -> [Int] {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for line in lines {
      starts.append(end + bytes.count)
      bytes += line.bytes
    }
    do throws(StoreProblem) {
      try Folder.write(bytes[...], to: descriptor, path)
      guard fsync(descriptor) == 0 else { throw StoreProblem(path, .current) }
    } catch {
      // Whatever cannot be taken away counts as written: the next to read it will see.
      _ = ftruncate(descriptor, off_t(end))
      throw error
    }
    end += bytes.count
    return starts
  }

  var damaged: StoreProblem {
    StoreProblem(
      path,
      that: "is damaged; without it nobody knows which keys were used: restore it, or move it away "
        + "with \(HostSecret.name) and make new keys for all connections")
  }

  private func read(at offset: Int, count: Int) throws(StoreProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      // Sound: there is room for so many bytes.
      let length = unsafe pread(descriptor, &bytes, count, off_t(offset))
      if length >= 0 { return Array(bytes.prefix(length)) }
      guard errno == EINTR else { throw StoreProblem(path, .current) }
    }
  }

  private static let chunk = 1 << 16
  private static let longestLine = 1024
}
