import Testing
import XFRMKit

@testable import XFRMConfig

/// Who is told that an SA is nearly used up, and when.
@Suite("Wear of SAs")
struct WearTests {
  private func wear(
    _ names: [String] = ["a/out#4"], at time: UInt64? = 2_000,
    _ change: (inout SecurityAssociation) -> Void
  ) throws -> [String] {
    var snapshot = KernelSnapshot()
    var holdings = Holdings()
    for (slot, text) in names.enumerated() {
      let tag = try #require(Tag(slot: UInt32(slot)))
      let name = try #require(ObjectName(text))
      var association = SecurityAssociation(
        from: .v4(1), to: .v4(2), spi: SPI(rawValue: 0x1001 + UInt32(slot)), mode: .tunnel)
      association.sequence = tag.sequence
      association.usage.addedAt = 1_000
      change(&association)
      snapshot.associations.append(association)
      holdings.associations[tag] = HeldAssociation(
        name, .outgoing, association.id, keyFingerprint: "")
    }
    return Inventory(snapshot, holdings).wear(holdings, at: time).map(\.description)
  }

  @Test("from 80 % on, and not before", arguments: [(799, false), (800, true), (2_000, true)])
  func threshold(_ used: UInt64, _ isTold: Bool) throws {
    let bytes = try wear {
      $0.lifetime.hard.bytes = 1_000
      $0.usage.bytes = used
    }
    let text =
      "a/out#4 has used \(used / 10) % of its hard limit of bytes: xfrmctl rotate a"
    #expect(bytes == (isTold ? [text] : []))
    let packets = try wear {
      $0.lifetime.soft.packets = 1_000
      $0.usage.packets = used
    }
    #expect(
      packets.isEmpty != isTold && packets.allSatisfy { $0.contains("soft limit of packets") })
    let age = try wear(at: 1_000 + used) { $0.lifetime.hard.secondsFromAdd = 1_000 }
    #expect(age.isEmpty != isTold && age.allSatisfy { $0.contains("seconds since it was added") })
    let use = try wear(at: 5_000 + used) {
      $0.lifetime.hard.secondsFromUse = 1_000
      $0.usage.firstUsedAt = 5_000
    }
    #expect(use.isEmpty != isTold && use.allSatisfy { $0.contains("seconds since its first use") })
  }

  @Test("sequence numbers: 2^32 of them, or 2^64, or no end")
  func sequenceNumbers() throws {
    let many: UInt64 = 0xd000_0000
    let short = try wear { $0.replayState = ReplayState(outgoing: UInt32(many)) }
    #expect(short == ["a/out#4 has used 81 % of its sequence numbers: xfrmctl rotate a"])
    let wide = try wear { $0.extendedReplayState = ExtendedReplayState(outgoing: many) }
    #expect(wide == short)
    let extended = try wear {
      $0.flags.insert(.extendedSequenceNumbers)
      $0.extendedReplayState = ExtendedReplayState(outgoing: many)
    }
    #expect(extended.isEmpty)
    let end = try wear {
      $0.flags.insert(.extendedSequenceNumbers)
      $0.extendedReplayState = ExtendedReplayState(outgoing: many << 32)
    }
    #expect(end == short)
    let wrapping = try wear {
      $0.replayState = ReplayState(outgoing: UInt32(many))
      $0.extraFlags = .sequenceMayWrap
    }
    #expect(wrapping.isEmpty)
  }

  @Test("not of one that has a successor, and without advice to rotate where keys stay the same")
  func names() throws {
    func worn(_ association: inout SecurityAssociation) {
      association.lifetime.hard.packets = 10
      association.usage.packets = 9
    }
    #expect(try wear(["a/out#4", "a/out#5"], worn).map { $0.prefix(7) } == ["a/out#5"])
    #expect(try wear(["a/out"], worn)[0].hasSuffix("give it another SPI and another key"))
    #expect(try wear { _ in } == [])
  }
}

extension ReplayState {
  fileprivate init(outgoing: UInt32) {
    self.init()
    outgoingSequence = outgoing
  }
}

extension ExtendedReplayState {
  fileprivate init(outgoing: UInt64) {
    self.init(window: 64)
    outgoingSequence = outgoing
  }
}
