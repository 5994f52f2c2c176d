internal import Glibc
internal import XFRMKit

/// A journal on disk, in a folder of its own: that of a run of the kernel and a network namespace.
struct JournalFile: ~Copyable {
  private static let name = "journal"

  private let folder: PrivateFolder
  private var file: PrivateFile
  /// Nobody else writes while it is open.
  private let lock: FolderLock
  /// What it tells.
  private(set) var journal: Journal

  /// Opens the journal of a folder, which is made with its first line if there is none.
  ///
  /// - Parameters:
  ///   - folder: Where it is.
  ///   - boot: The run of the kernel that it is about.
  ///   - namespace: The inode of the network namespace.
  ///   - cookie: What else that namespace is known by. A journal of another one is begun anew: the
  ///     kernel gives the number of a namespace that is gone, with all that it had, to a later one.
  /// - Throws: A problem of the kind ``StoreProblem/Kind/busy`` while another process has it.
  init(
    in folder: consuming PrivateFolder, boot: String, namespace: UInt64, cookie: UInt64? = nil
  ) throws(StoreProblem) {
    let lock = try FolderLock(in: folder)
    let found = try Self.look(into: folder, boot: boot, namespace: namespace, cookie: cookie)
    if found == nil {
      let first = JournalRecord.opened(boot: boot, namespace: namespace, cookie: cookie)
      try folder.replace(Self.name, with: first.line.bytes)
    }
    var file = try folder.file(Self.name, O_RDWR)
    let bytes = try file.content()
    var journal = found ?? Journal(boot: boot, namespace: namespace)
    // That of a version that knew none gets it when it is shortened.
    journal.cookie = journal.cookie ?? cookie
    let whole = Journal.wholeLines(bytes)
    if whole < bytes.count { try file.truncate(to: whole) }
    self.lock = lock
    self.file = file
    self.journal = journal
    self.folder = folder
  }

  /// What the journal of a folder tells, without a lock and without a change; `nil` if there is none,
  /// or that of an earlier namespace.
  static func look(
    into folder: borrowing PrivateFolder, boot: String, namespace: UInt64, cookie: UInt64? = nil
  ) throws(StoreProblem) -> Journal? {
    guard let file = try folder.existingFile(name) else { return nil }
    let journal = try read(try file.content(), file.path, boot, namespace)
    if let cookie, let other = journal.cookie, other != cookie { return nil }
    return journal
  }

  /// Which file it is now: another one as soon as it was shortened, which every run does that ends.
  static func mark(in folder: borrowing PrivateFolder) -> UInt64? { folder.inode(of: name) }

  private static func read(
    _ bytes: [UInt8], _ path: String, _ boot: String, _ namespace: UInt64
  ) throws(StoreProblem) -> Journal {
    let journal: Journal
    do throws(JournalDamage) { journal = try Journal(bytes) } catch {
      let finding =
        switch error {
        case .notAJournal: "another version of xfrmctl wrote it; use that one"
        case .damaged(let line): "line \(line) is not as it was written"
        }
      throw StoreProblem(
        path, "\(finding), or move it away: what is in the kernel then counts as foreign",
        kind: .unreadable)
    }
    guard journal.boot == boot, journal.namespace == namespace else {
      throw StoreProblem(
        path, "it is about another run of the kernel or another network namespace: move it away",
        kind: .unreadable)
    }
    return journal
  }

  /// Makes sure that records of about so many steps will find room.
  func reserve(steps: Int) throws(StoreProblem) { try file.reserve(4096 + steps * 512) }

  /// Shortens it to what it tells. If that fails the long one is as good.
  mutating func compact() {
    guard journal.underWay == nil else { return }
    do throws(StoreProblem) {
      try folder.replace(Self.name, with: journal.summary.flatMap { $0.line.bytes })
    } catch {
      return
    }
    // The old file has no name any more: what is written there is lost.
    if let new = try? folder.file(Self.name, O_RDWR) { file = new }
  }
}

extension JournalFile: JournalWriter {
  mutating func append(_ records: [JournalRecord]) throws(StoreProblem) {
    try file.append(records.flatMap { $0.line.bytes })
    for record in records { journal.note(record) }
  }
}
