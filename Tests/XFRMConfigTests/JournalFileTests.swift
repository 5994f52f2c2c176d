import FoundationEssentials
import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// The journal on disk: made, cut, locked, and refused where it is not what was written.
@Suite struct JournalFileTests {
  private let temporary: TemporaryFolder
  private var path: String { "\(temporary.path)/j" }
  private var file: String { "\(path)/journal" }

  init() throws { temporary = try TemporaryFolder() }

  private func open(
    boot: String = "b", namespace: UInt64 = 1, cookie: UInt64? = nil
  ) throws -> JournalFile {
    try JournalFile(in: PrivateFolder(path), boot: boot, namespace: namespace, cookie: cookie)
  }

  private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file))) }

  private static let records: [JournalRecord] = [
    .started(target: "new", origin: nil),
    .puttingInterface(InterfaceEntry("ipsec0", interfaceID: 7)), .done,
    .changingSetting(SettingEntry("net.ipv4.ip_forward", "1"), from: "0"), .done,
    .committed("new"),
  ]

  /// What opening it is refused with; `nil` if it is not.
  private func refusal() -> StoreProblem? {
    do {
      _ = try open()
      return nil
    } catch {
      return error as? StoreProblem
    }
  }

  @Test("what was written is read again, and nobody else can")
  func roundTrip() throws {
    var journal = try open()
    try journal.append(Self.records)
    let told = journal.journal
    _ = consume journal
    #expect(told.committed == "new")
    #expect(try open().journal == told)
    #expect(FileMode.of(path) == 0o700)
    #expect(FileMode.of(file) == 0o600 && FileMode.of("\(path)/lock") == 0o600)
  }

  @Test("cut anywhere, it tells what whole lines told, and goes on behind them")
  func cut() throws {
    var journal = try open()
    try journal.append(Self.records)
    _ = consume journal
    let whole = try bytes()
    let header = whole.prefix { $0 != UInt8(ascii: "\n") }.count + 1
    for count in 0...whole.count {
      let part = Array(whole.prefix(count))
      try Data(part).write(to: URL(filePath: file))
      FileMode.set(0o600, of: file)
      guard count >= header else {
        #expect(refusal()?.kind == .unreadable, "\(count)")
        continue
      }
      var again = try open()
      #expect(try again.journal == Journal(part), "\(count)")
      try again.append([.committed("other")])
      _ = consume again
      #expect(try Journal(bytes()).committed == "other", "\(count)")
    }
  }

  @Test("shortened, it tells the same, and is written to further on")
  func compaction() throws {
    var journal = try open()
    for _ in 0..<50 { try journal.append(Self.records) }
    let (told, before) = (journal.journal, try bytes().count)
    journal.compact()
    #expect(try bytes().count * 10 < before)
    #expect(try Journal(bytes()) == told)
    try journal.append([.committed("next")])
    #expect(try Journal(bytes()).committed == "next")
  }

  @Test("one that is under way is not shortened")
  func underWay() throws {
    var journal = try open()
    try journal.append([.started(target: "new", origin: "old"), .done, .done, .done])
    let before = try bytes()
    journal.compact()
    #expect(try bytes() == before)
    #expect(journal.journal.underWay?.target == "new")
  }

  @Test("one process has it at a time, and the other hears who")
  func lock() throws {
    let journal = try open()
    let problem = try #require(refusal())
    #expect(problem.kind == .busy)
    #expect(problem.description.contains("process \(getpid()) is at work here"))
    _ = consume journal
    #expect(refusal() == nil)
  }

  @Test("links, pipes, and what others may use are refused")
  func strangers() throws {
    _ = try open()
    let files = FileManager.default
    let text = try bytes()
    // Each is put right again, so that the next is refused for its own sake.
    func expectRefusal(_ words: String, _ spoil: () throws -> Void) throws {
      #expect(refusal() == nil)
      try spoil()
      #expect(
        refusal()?.description.contains(words) == true, "\(words): \(String(describing: refusal()))"
      )
      try? files.removeItem(atPath: path)
      try files.createDirectory(atPath: path, withIntermediateDirectories: false)
      FileMode.set(0o700, of: path)
      try Data(text).write(to: URL(filePath: file))
      FileMode.set(0o600, of: file)
    }
    try expectRefusal("can be read by others: chmod 600") { FileMode.set(0o640, of: file) }
    try expectRefusal("can be read by others: chmod 700") { FileMode.set(0o750, of: path) }
    try expectRefusal("symbolic link") {
      try files.moveItem(atPath: file, toPath: "\(path)/real")
      try files.createSymbolicLink(atPath: file, withDestinationPath: "\(path)/real")
    }
    try expectRefusal("no regular file") {
      FileMode.makePipe(file)
    }
    try expectRefusal("symbolic link") {
      try files.moveItem(atPath: path, toPath: "\(temporary.path)/real")
      try files.createSymbolicLink(atPath: path, withDestinationPath: "\(temporary.path)/real")
    }
    #expect(refusal() == nil)
  }

  @Test("another version's, another kernel's and another namespace's are refused")
  func others() throws {
    _ = try open()
    #expect(throws: StoreProblem.self) { _ = try open(boot: "c") }
    #expect(throws: StoreProblem.self) { _ = try open(namespace: 2) }
    let line = JournalLine(["xfrmctl-journal-2", "b", "1"]).bytes
    try Data(line).write(to: URL(filePath: file))
    FileMode.set(0o600, of: file)
    let problem = try #require(refusal())
    #expect(problem.kind == .unreadable)
    #expect(problem.description.contains("another version of xfrmctl wrote it"))
    #expect(problem.description.contains("move it away"))
  }

  @Test("one of an earlier namespace with the same number is begun anew, and of the same goes on")
  func reusedNumber() throws {
    func written(by cookie: UInt64?) throws {
      try? FileManager.default.removeItem(atPath: path)
      var journal = try open(cookie: cookie)
      try journal.append(Self.records)
      journal.compact()
    }
    // A kernel that has no cookies tells nothing apart.
    for (then, now) in [(5, 5), (nil, 5), (5, nil), (nil, nil)] as [(UInt64?, UInt64?)] {
      try written(by: then)
      #expect(try open(cookie: now).journal.committed == "new")
    }
    func isOf(_ cookie: UInt64) throws -> Bool {
      try JournalFile.look(into: PrivateFolder(path), boot: "b", namespace: 1, cookie: cookie)
        != nil
    }
    // What a version began that knew none belongs to the first that opens it.
    try written(by: nil)
    #expect(try isOf(6))
    var older = try open(cookie: 5)
    older.compact()
    #expect(try isOf(5) && !isOf(6))
    _ = consume older
    try written(by: 5)
    #expect(try !isOf(6))
    let other = try open(cookie: 6).journal
    #expect(other == Journal(boot: "b", namespace: 1, cookie: 6))
    #expect(try open(cookie: 6).journal == other)
  }

  @Test("a disk that fails at any write is told of, and what is read later is true")
  func failingDisk() throws {
    for errno in [ENOSPC, EIO] {
      var failures = 0
      for count in 0..<40 {
        try? FileManager.default.removeItem(atPath: path)
        var written = 0
        do {
          try Disk.failing(after: count, errno) {
            var journal = try open()
            for record in Self.records {
              try journal.append([record])
              written += 1
            }
            journal.compact()
          }
        } catch let problem as StoreProblem {
          failures += 1
          #expect(problem.kind == .unwritable)
          #expect(problem.description.contains("\(SystemErrno(errno))"), "\(problem)")
        }
        // One record more may be there: it is not known of it that it failed.
        let told = try open().journal
        let possible = [written, written + 1].map { number in
          var journal = Journal(boot: "b", namespace: 1)
          for record in Self.records.prefix(number) { journal.note(record) }
          return journal
        }
        #expect(possible.contains(told), "\(count) writes, \(written) records")
      }
      #expect(failures > 10)
    }
  }
}
