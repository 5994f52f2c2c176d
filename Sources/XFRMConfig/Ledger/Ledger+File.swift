extension Ledger {
  /// What stands in the first line; a reader that does not know it reads no further.
  private static let version = "xfrmctl-ledger-1"

  /// Reads it, and writes its first line if it is new.
  mutating func begin(
    in folder: borrowing PrivateFolder, with secret: HostSecret
  ) throws(StoreProblem) {
    try lock()
    defer { file.unlock() }
    let header = JournalLine([Self.version, secret.check])
    guard let found = contents.header else {
      _ = contents.note(header, at: try file.append([header])[0])
      return try folder.synchronize()
    }
    try check(found, against: header)
  }

  private func check(
    _ found: JournalLine, against header: JournalLine
  ) throws(StoreProblem) {
    guard found.words.first == Self.version else {
      throw StoreProblem(file.path, that: "is no ledger, or that of a later version of xfrmctl")
    }
    guard found == header else { throw HostSecret.missing(for: file.path) }
  }

  /// Reads what it has whole, and leaves alone what somebody may be about to write.
  mutating func read(with secret: HostSecret) throws(StoreProblem) {
    try readLines()
    guard let found = contents.header else { return }
    try check(found, against: JournalLine([Self.version, secret.check]))
  }

  private mutating func readLines() throws(StoreProblem) {
    while let (line, offset) = try file.nextLine() {
      guard contents.note(line, at: offset) else { throw file.damaged }
    }
  }

  /// Keeps other processes away, and reads what they have written.
  mutating func lock() throws(StoreProblem) {
    try file.lock()
    do throws(StoreProblem) {
      repeat { try readLines() } while try file.mendEnd()
    } catch {
      file.unlock()
      throw error
    }
  }

  /// Adds lines, and returns when they are on disk.
  mutating func append(_ records: [LedgerRecord]) throws(StoreProblem) {
    guard !records.isEmpty else { return }
    let first = contents.count
    let lines = records.enumerated().map { $0.element.line(first + $0.offset) }
    for (record, offset) in zip(records, try file.append(lines)) {
      contents.note(record, at: offset)
    }
  }

  func announcement(
    at offset: Int
  ) throws(StoreProblem) -> (number: Int, use: LedgerRecord.KeyUse) {
    guard let line = JournalLine(try file.line(at: offset)),
      let number = line.words.first.flatMap({ Int($0) }),
      case .used(let use) = LedgerRecord(line, number)
    else { throw file.damaged }
    return (number, use)
  }
}
