import Netlink
import Testing

@testable import XFRMKit

@Suite("What kernels and iproute2 have sent")
struct VectorTests {
  /// What is not written back byte for byte, and why.
  private static let exceptions: Set = [
    // Its hand-made policy type has a reserved byte of 1, which no kernel sends.
    "pol-ptype.1"
  ]

  private static let malformed = Fixtures.messages.filter { $0.name.hasPrefix("trunc-") }
  private static let wellFormed = (Fixtures.associations + Fixtures.policies).filter {
    !$0.name.hasPrefix("trunc-")
  }

  @Test("is all there")
  func counts() {
    #expect(Fixtures.exchanges.count == 18)
    #expect(Fixtures.messages.count > 300)
    #expect(Fixtures.associations.count > 150)
    #expect(Fixtures.policies.count > 80)
    #expect(Self.malformed.count == 2)
  }

  @Test("is written back byte for byte", arguments: wellFormed)
  func identity(message: Fixtures.Message) throws {
    guard !Self.exceptions.contains(message.name) else { return }
    let content = try #require(try Content(message.bytes))
    guard !Self.leavesOutBitmap(content, message) else { return }
    #expect(content.payload(.asReceived) == message.payload)
  }

  @Test("says the same when it is asked for anew", arguments: wellFormed)
  func requested(received: Fixtures.Message) throws {
    let content = try #require(try Content(received.bytes))
    let again = try Content(message(received.type, content.payload(.request)))
    #expect(again == content.requested)
  }

  @Test("is refused if it is cut within an attribute", arguments: malformed)
  func damaged(message: Fixtures.Message) {
    #expect(throws: MalformedMessage.self) { try Content(message.bytes) }
  }

  @Test("may leave the bitmap out, which then starts empty")
  func bitmapLeftOut() throws {
    var found = 0
    for message in Self.wellFormed where message.isAssociation {
      guard case .association(let association)? = try Content(message.bytes),
        Self.leavesOutBitmap(.association(association), message)
      else { continue }
      let bitmap = try #require(association.extendedReplayState?.bitmap)
      #expect(bitmap.allSatisfy { $0 == 0 })
      #expect(
        association.extendedReplayState?.window ?? 0 <= 32 * UInt32(bitmap.count))
      found += 1
    }
    #expect(found > 3)
  }

  /// Whether the message has an extended replay state of 24 bytes for a bitmap that is longer.
  private static func leavesOutBitmap(_ content: Content, _ message: Fixtures.Message) -> Bool {
    guard case .association(let association) = content,
      let state = association.extendedReplayState, !state.bitmap.isEmpty
    else { return false }
    return content.payload(.asReceived).count == message.payload.count + 4 * state.bitmap.count
  }
}

extension Content {
  /// The same without what only the kernel says.
  fileprivate var requested: Content {
    switch self {
    case .association(var association):
      association.usage = Usage()
      association.statistics = SecurityAssociation.Statistics()
      association.lastUsedAt = nil
      return .association(association)
    case .policy(var policy):
      policy.usage = Usage()
      return .policy(policy)
    default: return self
    }
  }
}
