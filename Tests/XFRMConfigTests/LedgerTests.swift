import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// No key of a counter mode is used twice, whatever happens in between.
@Suite("The ledger of keys")
struct LedgerTests {
  static let boot = KernelRun(boot: "boot-1", namespace: 1)
  static let nextBoot = KernelRun(boot: "boot-2", namespace: 1)
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func open(
    _ run: KernelRun = boot, present: [SecurityAssociation]? = nil
  ) throws(StoreProblem) -> Ledger {
    try Ledger.open(in: folder.path, for: run, present: present)
  }

  func entry(
    _ name: String, spi: SPI = 0x5800_1000, _ direction: SecurityAssociation.Direction = .outgoing,
    _ proposal: ESPProposal = .aes256gcm16, key: KeyReference? = nil
  ) -> AssociationEntry {
    let association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: spi, mode: .tunnel)
    return AssociationEntry(
      ObjectName(name, direction == .outgoing ? "out" : "in", generation: 1), direction,
      association, .esp(proposal), key: key ?? .bundle(connection: name, generation: 1))
  }

  func refusal(
    _ ledger: inout Ledger, _ entry: AssociationEntry, _ key: Secret
  ) -> String? {
    do throws(KeyProblem) {
      try ledger.admit(entry, key)
      return nil
    } catch {
      return error.description
    }
  }

  @Test("a key is taken once and then refused, with when and what for, after a reboot too")
  func once() throws {
    let key = Secret.random(count: 36)
    var ledger = try open()
    #expect(refusal(&ledger, entry("a"), key) == nil)
    #expect(refusal(&ledger, entry("b", spi: 0x5800_2000), .random(count: 36)) == nil)
    var later = try open(Self.nextBoot)
    for name in ["a", "c"] {
      for spi in [0x5800_1000, 0x5800_3000] as [SPI] {
        for (said, boot) in [
          (refusal(&ledger, entry(name, spi: spi), key), ""),
          (
            refusal(&later, entry(name, spi: spi), key),
            "; this host has started anew since, and would count packets from 1 again"
          ),
        ] {
          let text = try #require(said)
          #expect(text.hasPrefix("the key of \(name)/out#1 was used before, at 20"))
          #expect(
            text.hasSuffix(
              "Z for a/out#1 (aes256gcm16, SPI 0x58001000)\(boot); make new keys for both ends: "
                + "`xfrmctl keys new \(name)`, try again here, and at the other end, when it has "
                + "its half: `xfrmctl rotate \(name)`"), "\(text)")
        }
      }
    }
    #expect(refusal(&later, entry("c"), .random(count: 36)) == nil)
  }

  @Test("another salt, another hash or another algorithm make a key no other")
  func sameKey() throws {
    let cipher = [UInt8](repeating: 0x5c, count: 32)
    func material(_ count: Int, _ rest: UInt8) -> Secret {
      Secret((cipher + [UInt8](repeating: rest, count: count - 32)).span)
    }
    let counter = try #require(ESPProposal(named: "aes256ctr-sha256"))
    let ccm = try #require(ESPProposal(named: "aes256ccm16"))
    for (first, proposal) in [ESPProposal.aes256gcm16, counter, ccm].enumerated() {
      let folder = try TemporaryFolder()
      var ledger = try Ledger.open(in: folder.path, for: Self.boot)
      let bytes = AssociationEntry.Protection.esp(proposal).keyBytes
      try ledger.admit(entry("a", .outgoing, proposal), material(bytes, UInt8(first)))
      for other in [ESPProposal.aes256gcm16, counter, ccm, .chacha20poly1305] {
        let bytes = AssociationEntry.Protection.esp(other).keyBytes
        #expect(refusal(&ledger, entry("b", .outgoing, other), material(bytes, 0x77)) != nil)
        #expect(refusal(&ledger, entry("b", .outgoing, other), .random(count: bytes)) == nil)
      }
    }
  }

  @Test("algorithms that do not need fresh keys leave no trace")
  func others() throws {
    var ledger = try open()
    let before = try folder.bytes("ledger")
    let key = Secret.random(count: 64)
    for _ in 0..<2 { #expect(refusal(&ledger, entry("a", .outgoing, .aes256sha256), key) == nil) }
    #expect(try folder.bytes("ledger") == before)
  }

  @Test("an SA has two ends, but only one that sends")
  func ends() throws {
    var ledger = try open()
    let key = Secret.random(count: 36)
    #expect(refusal(&ledger, entry("a", .outgoing), key) == nil)
    // The same key in both directions.
    #expect(refusal(&ledger, entry("a", spi: 0x5800_1001, .incoming), key) != nil)
    #expect(refusal(&ledger, entry("b", .incoming), key) == nil)
    #expect(refusal(&ledger, entry("b", .incoming), key) != nil)
    #expect(refusal(&ledger, entry("b", .outgoing), key) != nil)
  }

  @Test("of several keys all are taken or none, and two equal ones are none")
  func several() throws {
    var ledger = try open()
    let keys = (0..<4).map { _ in Secret.random(count: 36) }
    let before = try folder.bytes("ledger")
    #expect(throws: KeyProblem.self) {
      try ledger.admit([
        (entry("a"), keys[0]), (entry("b", spi: 0x5800_2000), keys[1]),
        (entry("c", spi: 0x5800_3000), keys[0]),
      ])
    }
    #expect(try folder.bytes("ledger") == before)
    try ledger.admit(
      keys.enumerated().map { (entry("a", spi: SPI(rawValue: 0x5800_1000 + UInt32($0))), $1) })
    for key in keys { #expect(refusal(&ledger, entry("z"), key) != nil) }
  }

  @Test("what a lab was allowed by name is written down and not refused")
  func lab() throws {
    var ledger = try open()
    let key = Secret.random(count: 36)
    for _ in 0..<2 {
      #expect(refusal(&ledger, entry("lab", key: .file("/etc/key")), key) == nil)
    }
    #expect(refusal(&ledger, entry("a"), key) != nil)
  }

  // MARK: Plans that were cut short

  @Test("the same SA may be added again if the kernel never had it, in the same run only")
  func interrupted() throws {
    let key = Secret.random(count: 36)
    let association = entry("a").association
    do {
      var ledger = try open(present: [])
      #expect(refusal(&ledger, entry("a"), key) == nil)
      // Killed before the kernel was asked, or at least before that was noted.
      #expect(refusal(&ledger, entry("a"), key) != nil)
    }
    for run in [
      Self.nextBoot, KernelRun(boot: Self.boot.boot, namespace: 2),
    ] {
      var ledger = try open(run, present: [])
      #expect(refusal(&ledger, entry("a"), key) != nil)
    }
    do {
      // Who does not say what the kernel has is granted nothing.
      var ledger = try open()
      #expect(refusal(&ledger, entry("a"), key) != nil)
    }
    do {
      var ledger = try open(present: [])
      #expect(refusal(&ledger, entry("b"), key) != nil)
      #expect(refusal(&ledger, entry("a", spi: 0x5800_1001), key) != nil)
      #expect(refusal(&ledger, entry("a"), key) == nil)
      #expect(refusal(&ledger, entry("a"), key) != nil)
    }
    do {
      // It was installed after all.
      var ledger = try open(present: [association])
      #expect(refusal(&ledger, entry("a"), key) != nil)
    }
    // Somebody has deleted it, but packets may have gone through it.
    var ledger = try open(present: [])
    #expect(refusal(&ledger, entry("a"), key) != nil)
  }

  @Test("not if it was noted to be installed, and not if nobody would have noted it")
  func installed() throws {
    let keys = (0..<300).map { _ in Secret.random(count: 36) }
    func entry(_ number: Int) -> AssociationEntry {
      self.entry("a\(number)", spi: SPI(rawValue: 0x5800_1000 + UInt32(number)))
    }
    do {
      var ledger = try open(present: [])
      try ledger.admit(keys.enumerated().dropLast().map { (entry($0), $1) })
      try ledger.noteInstalled()
      try ledger.admit(entry(299), keys[299])
    }
    do {
      var ledger = try open(present: [])
      for (number, key) in keys.enumerated() {
        #expect((refusal(&ledger, entry(number), key) == nil) == (number == 299))
      }
      try ledger.noteInstalled()
    }
    let key = Secret.random(count: 36)
    do {
      var ledger = try open()
      #expect(refusal(&ledger, self.entry("b"), key) == nil)
    }
    var ledger = try open(present: [])
    #expect(refusal(&ledger, entry(299), keys[299]) != nil)
    #expect(refusal(&ledger, self.entry("b"), key) != nil)
  }

  @Test("two processes see what the other has written")
  func processes() throws {
    var one = try open()
    var other = try open(KernelRun(boot: "boot-1", namespace: 2))
    for number in 0..<20 as Range<UInt32> {
      let key = Secret.random(count: 36)
      let entry = entry("a", spi: SPI(rawValue: 0x5800_1000 + number))
      if number.isMultiple(of: 2) {
        #expect(refusal(&one, entry, key) == nil)
        #expect(refusal(&other, entry, key) != nil)
      } else {
        #expect(refusal(&other, entry, key) == nil)
        #expect(refusal(&one, entry, key) != nil)
      }
    }
  }
}
