import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Keys that were used before, in every way that they come back.
@Suite("A key that comes back")
struct PlantedKeyTests {
  private static let proposals = [
    "aes128gcm16", "aes256gcm16", "aes256ccm16", "aes256ctr-sha256", "aes256gmac",
    "chacha20poly1305",
  ].compactMap { ESPProposal(named: $0) }
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ run: KernelRun) throws(StoreProblem) -> Ledger {
    // The kernel has nothing: it has just started, or somebody has flushed it.
    try Ledger.open(in: folder.path, for: run, present: [])
  }

  private static func entry(
    _ number: Int, _ proposal: ESPProposal = .aes256gcm16, of name: String = "c"
  ) -> AssociationEntry {
    let association = SecurityAssociation(
      from: .v4(1), to: .v4(2), spi: SPI(rawValue: 0x5800_0100 + UInt32(number)), mode: .tunnel)
    return AssociationEntry(
      ObjectName("\(name)\(number)", "out", generation: 1), .outgoing, association, .esp(proposal),
      key: .bundle(connection: "\(name)\(number)", generation: 1))
  }

  @Test("1,000 planted among 20,000 are refused, every one, and after a reboot too")
  func planted() throws {
    let (all, planted) = (20_000, 1_000)
    let keys = (0..<all).map { _ in Secret.random(count: 36) }
    let first = KernelRun(boot: "boot-1", namespace: 1)
    do {
      var ledger = try open(first)
      for start in stride(from: 0, to: all, by: 256) {
        try ledger.admit(
          (start..<min(start + 256, all)).map { (Self.entry($0), keys[$0]) })
      }
      try ledger.noteInstalled()
    }
    var dice = Dice(seed: 20)
    let returning = Array(0..<all).shuffled(using: &dice).prefix(planted)
    for run in [first, KernelRun(boot: "boot-2", namespace: 1)] {
      var ledger = try open(run)
      var refused = 0
      for (place, number) in returning.enumerated() {
        // Under its own name, as another connection's, and for other algorithms.
        let bytes = keys[number].withBytes { key in key.indices.map { key[$0] } }
        let proposal = Self.proposals[place % Self.proposals.count]
        let count = AssociationEntry.Protection.esp(proposal).keyBytes
        let isSame = place.isMultiple(of: 3) || count < 32
        let entry =
          isSame ? Self.entry(number) : Self.entry(number + all, proposal, of: "other")
        let material =
          isSame
          ? bytes : Array((bytes.prefix(32) + [UInt8](repeating: 7, count: 32)).prefix(count))
        do throws(KeyProblem) {
          // In the midst of fresh ones, which are not admitted either.
          try ledger.admit([
            (Self.entry(all * 2 + place), .random(count: 36)), (entry, Secret(material.span)),
          ])
          Issue.record("\(entry.name) got the key of c\(number) in \(run)")
        } catch {
          refused += error.description.contains("for c\(number)/out#1") ? 1 : 0
        }
      }
      #expect(refused == planted)
      // The control: as many fresh ones are taken.
      try ledger.admit((0..<planted).map { (Self.entry(all * 3 + $0), .random(count: 36)) })
      try ledger.noteInstalled()
    }
  }

  @Test("a key folder put back from a backup is of no use, in this run of the kernel and the next")
  func backup() throws {
    let directory = KeyDirectory(folder.file("keys"))
    let maker = KeyMaker(directory, peerDirectory: KeyDirectory(folder.file("peer")))
    let run = KernelRun(boot: "boot-1", namespace: 1)
    func install(_ bundle: KeyBundleFile, in run: KernelRun) throws {
      var gate = LedgeredKeys(KeyResolver(directory).key, try open(run))
      _ = try gate.admit(bundle.entries)
      try gate.noteInstalled()
    }
    let old = try #require(try maker.make([("a-b", .aes256gcm16)]).first)
    let backup = try folder.bytes("keys/a-b.1.keys")
    try install(old, in: run)
    try directory.delete("a-b", generation: 1)
    let new = try #require(try maker.make([("a-b", .aes256gcm16)]).first)
    #expect(new.incoming.key != old.incoming.key)
    try install(new, in: run)

    try folder.write(backup, to: "keys/a-b.1.keys")
    for later in [run, KernelRun(boot: "boot-2", namespace: 1)] {
      let error = #expect(throws: KeyProblem.self) { try install(old, in: later) }
      #expect(error?.description.contains("was used before") == true, "\(error as Any)")
    }
    // The control: what was never installed is, from a backup too.
    let third = try #require(try maker.make([("b-c", .aes256gcm16)]).first)
    let unused = try folder.bytes("keys/b-c.1.keys")
    try directory.delete("b-c", generation: 1)
    try folder.write(unused, to: "keys/b-c.1.keys")
    try install(third, in: run)
  }

  @Test("two names of one file are one key")
  func sameFile() throws {
    let path = folder.file("key")
    try folder.write(Array(String(repeating: "5c", count: 36).utf8), to: "key")
    #expect(unsafe symlink(path, folder.file("link")) == 0)
    let run = KernelRun(boot: "boot-1", namespace: 1)
    var gate = LedgeredKeys(
      KeyResolver(KeyDirectory(folder.path)).key, try Ledger.open(in: folder.path, for: run))
    var (one, other) = (Self.entry(1), Self.entry(2))
    one.key = .file(path)
    other.key = .bundle(connection: "a", generation: 1)
    _ = try gate.admit([one])
    // A lab may do it all the same; whoever was not told that it is one may not.
    let material = try KeyResolver(KeyDirectory(folder.path)).key(for: one)
    var ledger = try open(run)
    #expect(throws: KeyProblem.self) { try ledger.admit(other, material) }
    other.key = .file(folder.file("link"))
    let again = try KeyResolver(KeyDirectory(folder.path)).key(for: other)
    #expect(ledger.fingerprint(of: again) == ledger.fingerprint(of: material))
  }
}

extension KeyBundleFile {
  /// Its SAs.
  fileprivate var entries: [AssociationEntry] {
    [(incoming, SecurityAssociation.Direction.incoming), (outgoing, .outgoing)].map { half, way in
      AssociationEntry(
        ObjectName(connection, way == .incoming ? "in" : "out", generation: generation), way,
        SecurityAssociation(from: .v4(1), to: .v4(2), spi: half.spi, mode: .tunnel),
        .esp(.aes256gcm16), key: .bundle(connection: connection, generation: generation))
    }
  }
}
