import Netlink
import TestSupport
import Testing

@testable import XFRMKit

@Suite("What is written reads back")
struct RoundTripTests {
  @Test("security associations, whatever is in them", arguments: 1...4 as ClosedRange<UInt64>)
  func associations(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for number in 0..<11_000 {
      try check(.association(dice.association()), .newAssociation, "seed \(seed), number \(number)")
    }
  }

  @Test("policies, whatever is in them", arguments: 5...8 as ClosedRange<UInt64>)
  func policies(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    for number in 0..<11_000 {
      try check(.policy(dice.policy()), .newPolicy, "seed \(seed), number \(number)")
    }
  }

  @Test("checkpoints, but that their timer is told in another unit")
  func checkpoints() throws {
    var dice = Dice(seed: 9)
    for number in 0..<5_000 {
      var checkpoint = dice.checkpoint()
      let read = try roundTrip(.setCheckpoint(checkpoint)) { (reader) throws(MalformedMessage) in
        try AssociationCheckpoint(from: reader)
      }
      checkpoint.timerTenths = checkpoint.timerJiffies
      checkpoint.timerJiffies = nil
      if read != checkpoint { Issue.record("\(number): \(checkpoint) became \(read)") }
    }
  }

  @Test("migrations")
  func migrations() throws {
    var dice = Dice(seed: 10)
    for number in 0..<5_000 {
      let migration = dice.migration()
      let read = try roundTrip(.migrate(migration)) { (reader) throws(MalformedMessage) in
        try Migration(from: reader)
      }
      if read != migration { Issue.record("\(number): \(migration) became \(read)") }
    }
  }

  @Test("acquires")
  func acquires() throws {
    var dice = Dice(seed: 11)
    for number in 0..<5_000 {
      let acquire = dice.acquire()
      let read = try roundTrip(.acquire(acquire)) { (reader) throws(MalformedMessage) in
        try Acquire(from: reader)
      }
      if read != acquire { Issue.record("\(number): \(acquire) became \(read)") }
    }
  }

  private func roundTrip<Value>(
    _ operation: Operation, _ decode: (ByteReader) throws(MalformedMessage) -> Value
  ) throws(MalformedMessage) -> Value {
    var message = MessageBuilder()
    operation.encode(into: &message)
    #expect(message.failure == nil)
    return try decode(ByteReader(message.bytes))
  }

  /// What is asked for is read as the same, and what was read is written the same again.
  private func check(_ content: Content, _ type: MessageType, _ which: Comment) throws {
    let payload = content.payload(.request)
    let read = try Content(message(type, payload))
    if read != content {
      Issue.record("\(which): \(content) became \(String(describing: read))")
    } else if let again = read?.payload(.asReceived), again != payload,
      !content.hasEmptyBitmap
    {
      Issue.record("\(which): \(payload) became \(again)")
    }
  }

  @Test("a kernel's word on use and failures, which requests leave out")
  func kernelsWord() throws {
    var association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    var policy = Policy(.any(.ipv4), direction: .outgoing)
    let requests = [Content.association(association), .policy(policy)].map { $0.payload(.request) }
    association.usage.bytes = 1
    association.usage.packets = 2
    association.usage.addedAt = 3
    association.usage.firstUsedAt = 4
    association.statistics.outsideReplayWindow = 5
    association.statistics.replayed = 6
    association.statistics.integrityFailed = 7
    association.lastUsedAt = 8
    policy.usage = association.usage
    #expect(
      requests == [Content.association(association), .policy(policy)].map { $0.payload(.request) })

    let said = message(
      .newAssociation,
      Content.association(association).payload(.asReceived) + hex("0c00 0f00 08 00*7"))
    #expect(try Content(said) == .association(association))
    let same = message(.newPolicy, Content.policy(policy).payload(.asReceived))
    #expect(try Content(same) == .policy(policy))
  }

  @Test("attributes without a name, in their place and nested or not")
  func otherAttributes() throws {
    let attributes = hex(
      """
      0800 1f00 09000000  0800 3280 01020304  0500 ff3f aa 000000  0c00 1500 01000000 ff000000
      0400 3280  0600 3200 bbcc 0000
      """)
    for (type, content) in wholes {
      let payload = content.payload(.request) + attributes
      let read = try #require(try Content(message(type, payload)))
      #expect(read.payload(.asReceived) == payload)
    }
  }

  /// More than 21 attributes are read and written, but those behind in the usual order.
  @Test("more attributes than their order is kept of")
  func manyAttributes() throws {
    let many = (0..<30).flatMap { _ in hex("0400 3200") } + hex("0800 1f00 09000000")
    for (type, content) in wholes {
      let payload = content.payload(.request) + many
      let read = try #require(try Content(message(type, payload)))
      let again = try Content(message(type, read.payload(.asReceived)))
      #expect(again == read)
      #expect(read.payload(.asReceived).count == payload.count)
    }
  }

  @Test("an attribute that comes twice counts as its last, as the kernel has it")
  func duplicates() throws {
    let twice = hex("0800 1f00 09000000  0800 1f00 0a000000")
    for (type, content) in wholes {
      switch try Content(message(type, content.payload(.request) + twice)) {
      case .association(let association)?: #expect(association.interfaceID == 10)
      case .policy(let policy)?: #expect(policy.interfaceID == 10)
      default: Issue.record("nothing read")
      }
    }
  }

  @Test("authentication that is described twice, in either order")
  func authenticationTwice() throws {
    let name = "686d61632873686131290000 00*52"
    let plain = hex("4800 0100 \(name) 20000000 01020304".replacing("4800", with: "4c00"))
    let truncated = hex("5000 1400 \(name) 20000000 60000000 01020304")
    let expected = Authentication(
      name: "hmac(sha1)", key: Secret([1, 2, 3, 4].span), truncationBits: 96)
    for attributes in [plain + truncated, truncated + plain] {
      let payload = wholes[0].1.payload(.request) + attributes
      guard case .association(let read)? = try Content(message(.newAssociation, payload)) else {
        Issue.record("no SA")
        return
      }
      #expect(read.authentication == expected)
      #expect(Content.association(read).payload(.asReceived) == payload)
      #expect(
        Content.association(read).payload(.request)
          == wholes[0].1.payload(.request) + truncated)
    }
    guard
      case .association(let read)? = try Content(
        message(.newAssociation, wholes[0].1.payload(.request) + plain))
    else {
      Issue.record("no SA")
      return
    }
    #expect(read.authentication?.truncationBits == nil)
  }

  @Test("families that an SA or a policy cannot have are refused where they stand")
  func families() throws {
    for (type, content) in wholes {
      let offset = type == .newAssociation ? 212 : 40
      for family in [0, 1, 3, 7, 10, 2, 255] as [UInt8] {
        var payload = content.payload(.request)
        payload[offset] = family
        guard family != 2, family != 10 else {
          #expect(try Content(message(type, payload)) != nil)
          continue
        }
        let expected = MalformedMessage.unexpectedValue(
          at: 16 + offset, field: "address family \(family)")
        #expect(throws: expected) { try Content(message(type, payload)) }
      }
    }
  }

  @Test("a bitmap longer than the kernel has is refused when it is left out")
  func bitmap() {
    for (words, isGood) in [(0, true), (128, true), (129, false), (.max, false)]
      as [(UInt32, Bool)]
    {
      var attribute = MessageBuilder()
      attribute.append(.extendedReplayState) {
        $0.append(words)
        $0.append(zeros: 20)
      }
      let bytes = message(
        .newAssociation, wholes[0].1.payload(.request) + attribute.bytes.array)
      #expect(((try? Content(bytes)) != nil) == isGood)
    }
  }

  @Test("text with no room is refused when it comes to sending")
  func textTooLong() {
    var association = SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel)
    let name = String(repeating: "x", count: 64)
    association.encryption = Encryption(name: name, key: .random(count: 16))
    var message = MessageBuilder()
    association.encode(into: &message, form: .request)
    #expect(message.failure == .textTooLong(name, limit: 63))
  }

  @Test("a list too long for its attribute is refused when it comes to sending")
  func listTooLong() {
    let template = Template(from: .v4(1), to: .v4(2), mode: .tunnel, requestID: 1)
    let policy = Policy(
      .any(.ipv4), direction: .outgoing, templates: Array(repeating: template, count: 1_024))
    var message = MessageBuilder()
    policy.encode(into: &message, form: .request)
    #expect(message.failure == .attributeTooLong(.templates, length: 65_540))
  }

  private let wholes: [(MessageType, Content)] = [
    (
      .newAssociation,
      .association(SecurityAssociation(from: .v4(1), to: .v4(2), spi: 3, mode: .tunnel))
    ),
    (.newPolicy, .policy(Policy(.any(.ipv4), direction: .outgoing))),
  ]
}

extension Content {
  /// Whether a request leaves out a bitmap that the same as received has.
  fileprivate var hasEmptyBitmap: Bool {
    guard case .association(let association) = self,
      let bitmap = association.extendedReplayState?.bitmap
    else { return false }
    return !bitmap.isEmpty && bitmap.allSatisfy { $0 == 0 }
  }
}
