import TestSupport
import Testing

@testable import Netlink
@testable import XFRMKit

/// Messages that were good until bytes in them were changed, taken out or put in: whatever they
/// say, reading them is never a trap, and what can be read can be written and read again.
@Suite("Damaged messages")
struct HostileTests {
  #if DEBUG
    private static let rounds = 12_000
  #else
    private static let rounds = 60_000
  #endif

  @Test("never trap", arguments: 1...4 as ClosedRange<UInt64>)
  func damage(seed: UInt64) {
    var dice = Dice(seed: seed)
    var readable = 0
    for round in 0..<Self.rounds {
      var bytes = Fixtures.messages[dice.below(Fixtures.messages.count)].bytes
      for _ in 0...dice.below(3) { dice.damage(&bytes) }
      // Most lengths are mended, or hardly any damage would be met.
      if bytes.count >= 4, dice.chance(80) {
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: bytes.count >> (8 * index)) }
      }
      readable += read(bytes, "seed \(seed), round \(round)") ? 1 : 0
    }
    // Positive control: the damage is not so bad that nothing is read.
    #expect(readable > Self.rounds / 5)
    #expect(readable < Self.rounds * 4 / 5)
  }

  @Test(
    "never trap, whatever the bytes of an attribute are", arguments: 5...6 as ClosedRange<UInt64>)
  func noise(seed: UInt64) {
    var dice = Dice(seed: seed)
    let association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    let policy = Policy(.any(.ipv6), direction: .outgoing)
    let wholes: [(MessageType, [UInt8])] = [
      (.newAssociation, Content.association(association).payload(.request)),
      (.newPolicy, Content.policy(policy).payload(.request)),
    ]
    for round in 0..<Self.rounds / 8 {
      for (type, payload) in wholes {
        var attributes = MessageBuilder()
        for _ in 0...dice.below(2) {
          let noise = dice.bytes(upTo: 140)
          attributes.append(AttributeType(rawValue: UInt16(dice.below(44)))) {
            $0.append(noise.span)
          }
        }
        _ = read(message(type, payload + attributes.bytes.array), "seed \(seed), round \(round)")
      }
    }
  }

  /// Whether the message can be read.
  private func read(_ bytes: [UInt8], _ which: @autoclosure () -> String) -> Bool {
    var reply = Reply(sequence: UInt32(bytes.count > 8 ? bytes[8] : 0), port: 0x92)
    reply.add(bytes.span) { _ in }
    var batch = BatchReply(firstSequence: 1, port: 0x92)
    for _ in 0..<20 { batch.expectMessage() }
    batch.add(bytes.span)

    guard let content = try? Content(bytes) else { return false }
    switch content {
    case .association, .policy: break
    default: return true
    }
    for form in [MessageForm.asReceived, .request] {
      let type = MessageType(rawValue: UInt16(bytes[4]) | UInt16(bytes[5]) << 8)
      let again = try? Content(message(type, content.payload(form)))
      if form == .asReceived, again != content {
        Issue.record("\(which()): \(content) became \(String(describing: again))")
      }
      if again == nil { Issue.record("\(which()): what was written cannot be read") }
    }
    return true
  }
}

extension Dice {
  /// Changes, takes out or puts in some bytes.
  fileprivate mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let offset = below(bytes.count)
    switch below(6) {
    case 0: bytes[offset] ^= 1 << UInt8(below(8))
    case 1: bytes[offset] = number()
    case 2:  // where lengths and types stand
      let start = offset & ~3
      for index in start..<min(start + 1 + below(4), bytes.count) { bytes[index] = number() }
    case 3: bytes.removeSubrange(offset..<min(offset + 1 + below(8), bytes.count))
    case 4: bytes.insert(contentsOf: self.bytes(upTo: 8), at: offset)
    default:
      let end = min(offset + below(64), bytes.count)
      bytes.insert(contentsOf: bytes[offset..<end], at: below(bytes.count))
    }
  }
}
