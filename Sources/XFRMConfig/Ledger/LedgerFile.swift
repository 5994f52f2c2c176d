internal import Glibc
internal import XFRMKit

/// A file of lines that only grows, and that several processes add to.
struct LedgerFile: ~Copyable {
  private var file: PrivateFile
  /// Behind the last line that was read or written.
  private(set) var end = 0
  /// What was read behind that.
  private var rest: ArraySlice<UInt8> = []

  static let name = "ledger"

  /// Opens it, and makes it if it is not there.
  init(in folder: borrowing PrivateFolder) throws(StoreProblem) {
    file = try folder.file(Self.name, O_RDWR | O_CREAT)
  }

  /// Opens it to read, if it is there.
  init?(existingIn folder: borrowing PrivateFolder) throws(StoreProblem) {
    guard let file = try folder.existingFile(Self.name) else { return nil }
    self.file = file
  }

  var path: String { file.path }

  /// Keeps others away until ``unlock()``.
  mutating func lock() throws(StoreProblem) {
    try FolderLock.wait(for: file.descriptor, path)
    file.measure()
  }

  func unlock() { flock(file.descriptor, LOCK_UN) }

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
      let more = try file.read(at: end + rest.count, count: Self.chunk)
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
    guard file.length == end + rest.count else { throw damaged }
    guard !rest.isEmpty else { return false }
    if JournalLine(rest) != nil {
      try file.append([UInt8(ascii: "\n")])
      return true
    }
    // Then the end is not missing but another.
    guard JournalLine(rest.dropLast()) == nil else { throw damaged }
    rest = []
    try file.truncate(to: end)
    return false
  }

  /// The line that begins at a place, without its end.
  func line(at offset: Int) throws(StoreProblem) -> ArraySlice<UInt8> {
    try file.read(at: offset, count: Self.longestLine).prefix { $0 != UInt8(ascii: "\n") }
  }

  /// Makes sure, as far as the file system tells, that there is room for so many bytes more.
  func reserve(_ count: Int) throws(StoreProblem) {
    try file.reserve(count)
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
    // Whatever cannot be taken away if that fails counts as written: the next to read it will see.
    try file.append(bytes)
    end += bytes.count
    return starts
  }

  var damaged: StoreProblem {
    StoreProblem(
      path,
      that: "is damaged; without it nobody knows which keys were used: restore it, or move it away "
        + "with \(HostSecret.name) and make new keys for all connections")
  }

  private static let chunk = 1 << 16
  private static let longestLine = 1024
}
