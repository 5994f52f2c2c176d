import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

/// Which keys it is about, and what it says of them before anything is begun.
extension LedgerTests {
  @Test("a generated key is taken once for any algorithm where the other end refuses replays")
  func numbered() throws {
    let protections: [AssociationEntry.Protection] = [
      .esp(.aes256sha256), .esp(try #require(ESPProposal(named: "null-sha256"))),
      .ah(.hmacSHA256, checkBits: 128),
    ]
    for (number, protection) in protections.enumerated() {
      let key = Secret.random(count: protection.keyBytes)
      for isExtended in [false, true] {
        let folder = try TemporaryFolder()
        func numbered(_ name: String, _ key: KeyReference? = nil) -> AssociationEntry {
          var entry = entry(name, spi: SPI(rawValue: 0x5800_1000 + UInt32(number)), key: key)
          entry.protection = protection
          if isExtended {
            entry.association.extendedReplayState = ExtendedReplayState(window: 64)
          } else {
            entry.association.replayWindow = 32
          }
          return entry
        }
        var ledger = try Ledger.open(in: folder.path, for: Self.boot)
        // One that stays the same was chosen to.
        for _ in 0..<2 { #expect(refusal(&ledger, numbered("a", .file("/key")), key) == nil) }
        #expect(refusal(&ledger, numbered("a"), key) == nil)
        var later = try Ledger.open(in: folder.path, for: Self.nextBoot)
        for name in ["a", "b"] { #expect(refusal(&later, numbered(name), key) != nil) }
        #expect(refusal(&later, numbered("b"), .random(count: protection.keyBytes)) == nil)
      }
    }
  }

  @Test("who looks before finds out the same, of all at once, and writes nothing")
  func look() throws {
    let keys = (0..<4).map { _ in Secret.random(count: 36) }
    func entry(_ number: Int) -> AssociationEntry {
      self.entry("c\(number / 2)", spi: SPI(rawValue: 0x5800_1000 + UInt32(number)))
    }
    func said(_ run: KernelRun, _ numbers: Range<Int>) throws -> String? {
      let ledger = try Ledger.look(in: folder.path, for: run, present: [])
      do throws(KeyProblem) {
        try ledger?.check(numbers.map { (entry($0), keys[$0]) })
        return nil
      } catch {
        return error.description
      }
    }
    #expect(try said(Self.boot, 0..<4) == nil && folder.names.isEmpty)
    do {
      var ledger = try open(present: [])
      try ledger.admit((0..<3).map { (entry($0), keys[$0]) })
    }
    let before = try folder.bytes("ledger")
    // The kernel never had them, in this run.
    #expect(try said(Self.boot, 0..<4) == nil)
    let one = try #require(try said(Self.nextBoot, 0..<1))
    #expect(one.contains("0x58001000); this host has started anew"))
    let two = try #require(try said(Self.nextBoot, 0..<2))
    #expect(two.contains("0x58001000), and so was that of c0/out#1; "))
    let all = try #require(try said(Self.nextBoot, 0..<4))
    #expect(all.contains("), and so were those of 2 more SAs; "))
    #expect(all.contains("`xfrmctl keys new c0 c1`") && all.hasSuffix("`xfrmctl rotate c0 c1`"))
    #expect(try said(Self.nextBoot, 3..<4) == nil)
    // Somebody else is about to write a line.
    try folder.write(before + Array("3 used".utf8), to: "ledger")
    #expect(try said(Self.nextBoot, 0..<4) == all)
    #expect(try folder.bytes("ledger") == before + Array("3 used".utf8))

    try folder.write(Array("damaged\n".utf8), to: "ledger")
    #expect(throws: StoreProblem.self) { try said(Self.boot, 0..<1) }
    try folder.write(before, to: "ledger")
    #expect(unsafe unlink(folder.file("ledger.secret")) == 0)
    #expect(throws: StoreProblem.self) { try said(Self.boot, 0..<1) }
  }
}
