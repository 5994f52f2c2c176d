import Testing

@testable import Netlink

@Suite("A message builder")
struct MessageBuilderTests {
  @Test("patches the lengths of messages, attributes and what is nested in them")
  func nesting() {
    var builder = MessageBuilder()
    builder.append(MessageType(rawValue: 16), flags: [.request, .create], sequence: 0x0102) {
      $0.append(UInt32(0xaabb_ccdd))
      $0.append(AttributeType(rawValue: 1), nested: true) { outer in
        outer.append(AttributeType(rawValue: 2), UInt8(0xee))
        outer.append(AttributeType(rawValue: 3), nested: true) { _ in }
      }
      $0.append(AttributeType(rawValue: 4)) { $0.append("lo") }
    }
    let expected = hex(
      """
      2c000000 1000 0104 02010000 00000000  # length 44, type, flags, sequence, to the kernel
      ddccbbaa                              # the fixed part
      1000 0180                             # length 16, nested, type 1
        0500 0200 ee 000000                 #   length 5, type 2, padding
        0400 0380                           #   length 4, nested, type 3
      0700 0400 6c6f00 00                   # length 7, type 4, "lo" with its zero, padding
      """.withoutComments)
    #expect(builder.bytes.array == expected)
    #expect(builder.failure == nil)
  }

  @Test("lays out several messages, each aligned, in one datagram")
  func several() throws {
    var builder = MessageBuilder()
    for number in 0..<5 as Range<UInt32> {
      builder.append(MessageType(rawValue: 20), sequence: number) { message in
        for _ in 0..<number { message.append(UInt8(0xff)) }
      }
    }
    #expect(builder.count == 16 + 20 + 20 + 20 + 20)  // 0 to 4 bytes of payload
    var messages = MessageReader(builder.bytes)
    var number: UInt32 = 0
    while let message = try messages.next() {
      #expect(message.header.sequence == number)
      #expect(message.header.length == 16 + number)
      #expect(message.payload.array == [UInt8](repeating: 0xff, count: Int(number)))
      number += 1
    }
    #expect(number == 5)
  }

  @Test("grows beyond its first capacity without losing anything")
  func growth() {
    var builder = MessageBuilder(capacity: 0)
    builder.append(MessageType(rawValue: 20)) { message in
      for number in 0..<10_000 as Range<UInt32> { message.append(bigEndian: number) }
    }
    let bytes = builder.bytes.array
    #expect(bytes.count == 40_016)
    #expect(bytes.suffix(4) == hex("0000270f"))
    #expect(Array(bytes[16..<24]) == hex("00000000 00000001"))
  }

  @Test("pads text to a fixed width")
  func paddedText() {
    var builder = MessageBuilder()
    builder.append("abc", paddedTo: 4)
    builder.append("", paddedTo: 2)
    #expect(builder.bytes.array == hex("61626300 0000"))
    #expect(builder.failure == nil)
  }

  @Test("remembers text that has no room, and leaves the field empty")
  func textTooLong() {
    var builder = MessageBuilder()
    builder.append("abcd", paddedTo: 4)
    builder.append("abcdef", paddedTo: 4)
    #expect(builder.failure == .textTooLong("abcd", limit: 3))
    #expect(builder.bytes.array == hex("00000000 00000000"))
  }

  @Test("counts text in bytes, not characters")
  func textInBytes() {
    var builder = MessageBuilder()
    builder.append("ééé", paddedTo: 6)
    #expect(builder.failure == .textTooLong("ééé", limit: 5))
  }

  @Test("remembers text that the kernel would read in part only")
  func textWithZero() {
    var builder = MessageBuilder()
    builder.append("lo\0x")
    #expect(builder.failure == .textWithZero("lo\0x"))
    builder.removeAll()
    builder.append("lo\0x", paddedTo: 16)
    #expect(builder.failure == .textWithZero("lo\0x"))
  }

  @Test("takes an attribute of 65,535 bytes and remembers one of more", arguments: [0, 1, 200_000])
  func attributeTooLong(excess: Int) {
    var builder = MessageBuilder()
    builder.append(MessageType(rawValue: 16)) { message in
      message.append(AttributeType(rawValue: 9)) { $0.append(zeros: 65_531 + excess) }
    }
    #expect(
      builder.failure
        == (excess == 0
          ? nil : .attributeTooLong(AttributeType(rawValue: 9), length: 65_535 + excess)))
  }

  @Test("forgets everything when asked to start again")
  func removeAll() {
    var builder = MessageBuilder()
    builder.append("abcd", paddedTo: 4)
    builder.removeAll()
    #expect(builder.failure == nil)
    #expect(builder.count == 0)
  }

  @Test("asks for an acknowledgement of the last message only")
  func acknowledgeLast() throws {
    var builder = MessageBuilder()
    for _ in 0..<3 {
      builder.append(MessageType(rawValue: 20), flags: .request) { $0.append(UInt8(0)) }
    }
    builder.acknowledgeLastMessage()
    var flags: [MessageFlags] = []
    var messages = MessageReader(builder.bytes)
    while let message = try messages.next() { flags.append(message.header.flags) }
    #expect(flags == [.request, .request, [.request, .acknowledge]])
  }

  @Test("gives back what a body throws")
  func throwing() {
    struct Stop: Error {}
    var builder = MessageBuilder()
    #expect(throws: Stop.self) {
      try builder.append(MessageType(rawValue: 20)) { _ throws(Stop) in throw Stop() }
    }
  }

  @Test("puts what went wrong into one line")
  func descriptions() {
    #expect(
      "\(UnencodableMessage.textWithZero("lo\0x"))"
        == "“lo…” has a zero byte, where the kernel would end it")
    #expect(
      "\(UnencodableMessage.textTooLong("abcd", limit: 3))"
        == "“abcd” has more than the 3 bytes the kernel allows")
    #expect(
      "\(UnencodableMessage.attributeTooLong(AttributeType(rawValue: 9), length: 70_000))"
        == "attribute 9 has 70000 bytes; 65535 is the most it can have")
    #expect(
      "\(UnencodableMessage.noPlace("a mark in a letter"))"
        == "there is no place for a mark in a letter")
  }
}

@Suite("A wiped buffer")
struct WipedBufferTests {
  @Test("keeps its contents when it grows")
  func growth() {
    var buffer = WipedBuffer(capacity: 0)
    for number in 0..<1_000 as Range<UInt16> { buffer.append(number) }
    let bytes = buffer.span.array
    #expect(bytes == (0..<1_000 as Range<UInt16>).flatMap { host($0) })
  }

  /// The memory that `removeAll` has wiped can be looked at: it is handed out for refilling.
  @Test("overwrites what it held")
  func wiping() {
    var buffer = WipedBuffer(capacity: 64)
    buffer.append([UInt8](repeating: 0xa5, count: 64).span)
    buffer.removeAll()
    #expect(buffer.count == 0)
    var left: [UInt8] = []
    // Sound: the 64 bytes were written above, and the closure keeps no pointer.
    unsafe buffer.refill { space in
      left = unsafe Array(space.prefix(64))
      return 0
    }
    #expect(left == [UInt8](repeating: 0, count: 64))
  }

  @Test("overwrites what it held before it is refilled, and never claims more than it has")
  func refilling() {
    var buffer = WipedBuffer(capacity: 16)
    buffer.append(UInt64.max)
    unsafe buffer.refill { space in
      #expect(unsafe space.prefix(8).allSatisfy { $0 == 0 })
      unsafe space.initializeMemory(as: UInt8.self, repeating: 7)
      return 1_000
    }
    #expect(buffer.span.array == [UInt8](repeating: 7, count: 16))
  }
}
