import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// A disk that is full, broken or read-only from any write on, of all that is kept on one.
@Suite("A disk that fails")
struct FailingDiskTests {
  private static let errors = [ENOSPC, EIO, EROFS]
  private static let run = KernelRun(boot: "boot-1", namespace: 1)

  private static func entry(
    _ number: Int, _ direction: SecurityAssociation.Direction = .outgoing
  ) -> AssociationEntry {
    let association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: SPI(rawValue: 0x5800_0100 + UInt32(number)), mode: .tunnel)
    return AssociationEntry(
      ObjectName("c\(number)", "out", generation: 1), direction, association, .esp(.aes256gcm16),
      key: .bundle(connection: "c\(number)", generation: 1))
  }

  /// Runs `body` with a disk that fails after any number of writes, until it needs no more.
  ///
  /// - Parameter check: Called when the disk is well again, with what `body` was stopped by.
  /// - Returns: How often it was stopped.
  private func failing(
    _ errno: Int32, _ body: (TemporaryFolder) throws -> Void,
    check: (TemporaryFolder, (any Error)?) throws -> Void
  ) throws -> Int {
    for count in 0..<1000 {
      let folder = try TemporaryFolder()
      var stopped: (any Error)?
      do { try Disk.failing(after: count, errno) { try body(folder) } } catch { stopped = error }
      if let stopped {
        #expect("\(stopped)".contains("\(SystemErrno(errno))"), "\(count): \(stopped)")
        #expect("\(stopped)".contains(folder.path), "\(count): \(stopped)")
      }
      try check(folder, stopped)
      if stopped == nil { return count }
    }
    Issue.record("it never ends")
    return 0
  }

  @Test("what the ledger took is refused afterwards, and the rest is fresh", arguments: errors)
  func ledger(_ errno: Int32) throws {
    let keys = (0..<4).map { _ in Secret.random(count: 36) }
    var admitted = 0
    let stops = try failing(errno) { folder in
      admitted = 0
      var ledger = try Ledger.open(in: folder.path, for: Self.run, present: [])
      for (number, key) in keys.enumerated() {
        try ledger.admit(Self.entry(number), key)
        admitted += 1
        try ledger.noteInstalled()
      }
    } check: { folder, _ in
      var ledger = try Ledger.open(in: folder.path, for: Self.run)
      for (number, key) in keys.enumerated() where number != admitted {
        let isTaken = (try? ledger.admit(Self.entry(number), key)) == nil
        #expect(isTaken == (number < admitted), "\(number), \(admitted)")
      }
    }
    #expect(stops > 10)
  }

  @Test("the ledger goes on where it is open when the disk is well again", arguments: errors)
  func ledgerGoesOn(_ errno: Int32) throws {
    let folder = try TemporaryFolder()
    var ledger = try Ledger.open(in: folder.path, for: Self.run)
    for count in 0..<4 {
      let key = Secret.random(count: 36)
      _ = try? Disk.failing(after: count, errno) { try ledger.admit(Self.entry(count), key) }
      let next = Secret.random(count: 36)
      try ledger.admit(Self.entry(10 + count), next)
      var other = try Ledger.open(in: folder.path, for: Self.run)
      #expect(throws: KeyProblem.self) { try other.admit(Self.entry(20 + count), next) }
    }
  }

  @Test(
    "bundles are whole or not there, and no end has one that the other lacks", arguments: errors)
  func keys(_ errno: Int32) throws {
    let stops = try failing(errno) { folder in
      let maker = KeyMaker(
        KeyDirectory(folder.file("local")), peerDirectory: KeyDirectory(folder.file("peer")))
      for _ in 0..<2 { _ = try maker.make([("a", .aes256gcm16), ("b", .aes256gcm16)]) }
    } check: { folder, _ in
      let (local, peer) = (KeyDirectory(folder.file("local")), KeyDirectory(folder.file("peer")))
      for (name, generations) in try local.generations() {
        for generation in generations {
          let own = try local.bundle(of: name, generation: generation)
          #expect(try peer.bundle(of: name, generation: generation) == own.forOtherEnd)
        }
      }
      let before = try peer.generations()["a"]?.last ?? 0
      let made = try KeyMaker(local, peerDirectory: peer).make([("a", .aes256gcm16)])
      #expect(made.map(\.generation) == [before + 1])
      #expect(!folder.names.contains { $0.hasSuffix(".new") })
    }
    #expect(stops > 16)
  }

  // MARK: A plan

  private static let desired: DesiredState = {
    var states = RandomStates(dice: Dice(seed: 3))
    var state = states.state(generation: 1)
    state.associations = (0..<6).map { entry($0, $0 < 3 ? .incoming : .outgoing) }
    return state
  }()

  /// Carries out what is to be done, with a journal and a ledger on disk and a model of the kernel.
  private func apply(
    _ kernel: inout KernelModel, _ folder: TemporaryFolder, _ key: @escaping Manager.Keys
  ) throws {
    let journal = try JournalFile(
      in: PrivateFolder(folder.file("run")), boot: Self.run.boot, namespace: Self.run.namespace)
    let steps = try Planner(
      Self.desired, on: kernel.snapshot(), holding: journal.journal.holdings,
      options: .everythingAllowed
    ).plan().steps
    let ledger = try Ledger.open(
      in: folder.file("state"), for: Self.run, present: kernel.snapshot().associations)
    var executor = Executor(
      kernel: kernel, journal: journal, host: NoHost(), keys: LedgeredKeys(key, ledger))
    defer { kernel = executor.kernel }
    try executor.carryOut(steps)
  }

  @Test(
    "a plan that is stopped by it has changed nothing before it was written down, and is finished later",
    arguments: errors)
  func plan(_ errno: Int32) throws {
    let keys = Dictionary(
      Self.desired.associations.map { ($0.name, Secret.random(count: 36)) }
    ) { first, _ in first }
    func key(_ entry: AssociationEntry) throws(KeyProblem) -> Secret { keys[entry.name] ?? .empty }
    var kernel = KernelModel()
    var untouched = 0
    let stops = try failing(errno) { folder in
      kernel = KernelModel()
      do { try apply(&kernel, folder, key) } catch let failure as ApplyFailure {
        // Its words are what somebody reads.
        throw StoreProblem(folder.path, "\(failure)")
      }
    } check: { folder, stopped in
      if kernel.policies.isEmpty, kernel.associations.isEmpty { untouched += 1 }
      let held = try JournalFile(
        in: PrivateFolder(folder.file("run")), boot: Self.run.boot,
        namespace: Self.run.namespace
      ).journal.holdings
      #expect(kernel.snapshot().policies.allSatisfy { Tag($0).map { held.policies[$0] } != nil })
      #expect(
        kernel.snapshot().associations.allSatisfy { Tag($0).map { held.associations[$0] } != nil })
      try apply(&kernel, folder, key)
      #expect(kernel.policies.count == Self.desired.policies.count)
      #expect(kernel.associations.count == Self.desired.associations.count)
    }
    #expect(stops > 15 && untouched > 5 && untouched < stops)
  }
}
