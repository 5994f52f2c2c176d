import Testing

@testable import Netlink

@Suite("Walking attributes")
struct AttributeTests {
  @Test("yields type, nesting, position and payload")
  func good() throws {
    let bytes = hex(
      """
      0500 0100 aa 000000  # length 5, type 1, one byte, padding
      0400 0200            # length 4: no payload
      0c00 0380            # nested (0x8000), type 3
        0800 0440 01020304 # network byte order flag (0x4000), type 4
      0600 ff3f bbcc       # the highest type, unaligned end of the run
      """.withoutComments)
    let found = try list(bytes)
    #expect(
      found == [
        Found(type: 1, isNested: false, position: 4, payload: [0xaa]),
        Found(type: 2, isNested: false, position: 12, payload: []),
        Found(type: 3, isNested: true, position: 16, payload: hex("0800 0440 01020304")),
        Found(type: 0x3fff, isNested: false, position: 28, payload: [0xbb, 0xcc]),
      ])

    var attributes = AttributeReader(ByteReader(bytes.span))
    _ = try attributes.next()
    _ = try attributes.next()
    let nest = try #require(try nested(&attributes))
    #expect(nest == [Found(type: 4, isNested: false, position: 20, payload: [1, 2, 3, 4])])
  }

  @Test(
    "refuses every malformed shape",
    arguments: [
      ("01", MalformedMessage.truncated(at: 0, needed: 2, available: 1)),  // half a length
      ("0400", .truncated(at: 2, needed: 2, available: 0)),  // no type
      ("040001", .truncated(at: 2, needed: 2, available: 1)),  // half a type
      ("00000100", .attributeTooShort(at: 0, length: 0)),
      ("01000100", .attributeTooShort(at: 0, length: 1)),
      ("03000100", .attributeTooShort(at: 0, length: 3)),
      ("05000100", .truncated(at: 4, needed: 1, available: 0)),
      ("ffff0100 00", .truncated(at: 4, needed: 65531, available: 1)),
      ("04000100 00000100", .attributeTooShort(at: 4, length: 0)),  // the second
      ("04000100 0800", .truncated(at: 6, needed: 2, available: 0)),
    ])
  func malformed(bytes: String, expected: MalformedMessage) {
    let bytes = hex(bytes)
    #expect(refusal { _ = try list(bytes) } == expected)
  }

  /// A cut right behind an attribute, or in the padding that follows it, leaves a good run; any
  /// other is an error.
  @Test("reads short or refuses whatever is cut off")
  func truncations() throws {
    let bytes = hex("0500 0100 aa000000  0400 0200  0a00 0300 010203040506 0000")
    let complete = [0: 0, 5: 1, 6: 1, 7: 1, 8: 1, 12: 2, 22: 3, 23: 3]
    for count in bytes.indices {
      let found = try? list(Array(bytes.prefix(count)))
      #expect(found?.count == complete[count], "cut to \(count) bytes")
    }
  }

  private struct Found: Equatable {
    var type: UInt16
    var isNested: Bool
    var position: Int
    var payload: [UInt8]
  }

  private func list(_ bytes: [UInt8]) throws(MalformedMessage) -> [Found] {
    var attributes = AttributeReader(ByteReader(bytes.span))
    return try list(&attributes)
  }

  private func list(_ attributes: inout AttributeReader) throws(MalformedMessage) -> [Found] {
    var found: [Found] = []
    while let attribute = try attributes.next() {
      #expect(attribute.reader.position == attribute.position)
      found.append(
        Found(
          type: attribute.type.rawValue, isNested: attribute.isNested,
          position: attribute.position, payload: attribute.payload.array))
    }
    return found
  }

  private func nested(_ attributes: inout AttributeReader) throws(MalformedMessage) -> [Found]? {
    guard let attribute = try attributes.next() else { return nil }
    var inner = attribute.attributes
    return try list(&inner)
  }
}

@Suite("Walking messages")
struct MessageTests {
  @Test("yields header, position and payload")
  func good() throws {
    let bytes = hex(
      """
      12000000 1000 0500 07000000 09000000 aabb 0000  # length 18, type 16, flags 5, sequence, port
      10000000 0300 0200 08000000 0a000000            # no payload
      """.withoutComments)
    var messages = MessageReader(bytes.span)
    guard let first = try messages.next() else {
      Issue.record("no message")
      return
    }
    #expect(first.header.length == 18)
    #expect(first.header.type == MessageType(rawValue: 16))
    #expect(first.header.flags == [.request, .acknowledge])
    #expect(first.header.sequence == 7)
    #expect(first.header.port == 9)
    #expect(first.position == 16)
    #expect(first.payload.array == [0xaa, 0xbb])
    guard let second = try messages.next() else {
      Issue.record("no second message")
      return
    }
    #expect(second.header.type == .done)
    #expect(second.header.flags == .multipart)
    #expect(second.position == 36)
    #expect(second.payload.byteCount == 0)
    #expect(try count(&messages) == 0)
  }

  @Test("refuses a length below that of the header", arguments: 0..<16 as Range<UInt8>)
  func lengthTooShort(length: UInt8) {
    var bytes = hex("10000000 0300 0000 00000000 00000000")
    bytes[0] = length
    #expect(walk(bytes) == .messageTooShort(at: 0, length: UInt32(length)))
  }

  @Test("refuses a length beyond the datagram", arguments: [17, 20, 0x7fff_ffff, .max] as [UInt32])
  func lengthTooLong(length: UInt32) {
    let bytes = host(length) + hex("0300 0000 00000000 00000000")
    #expect(walk(bytes) == .truncated(at: 16, needed: Int(length) - 16, available: 0))
  }

  @Test("refuses a datagram cut anywhere but behind a message")
  func truncations() {
    let bytes = hex(
      """
      11000000 1000 0000 07000000 09000000 aa000000
      12000000 1000 0000 07000000 09000000 aabb
      """)
    // 17 to 20: behind the first message, with or without its padding.
    for count in bytes.indices {
      #expect((walk(Array(bytes.prefix(count))) == nil) == (count == 0 || 17...20 ~= count))
    }
    #expect(walk(bytes) == nil)
  }

  @Test("never traps on noise")
  func noise() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<5_000 {
      var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      // Lengths that are mostly near the truth lead further in.
      if bytes.count > 20, Bool.random(using: &random) {
        bytes.replaceSubrange(0..<4, with: host(UInt32.random(in: 14...84, using: &random)))
        bytes[16] = UInt8.random(in: 0...70, using: &random)
        bytes[17] = 0
      }
      _ = walk(bytes)
    }
  }

  /// Walks messages and the attributes in them; what refused them, if anything did.
  private func walk(_ bytes: [UInt8]) -> MalformedMessage? {
    refusal {
      var messages = MessageReader(bytes.span)
      while let message = try messages.next() {
        var attributes = AttributeReader(message.reader)
        while (try? attributes.next()) != nil {}
      }
    }
  }

  private func count(_ messages: inout MessageReader) throws(MalformedMessage) -> Int {
    var count = 0
    while (try messages.next()) != nil { count += 1 }
    return count
  }
}

extension String {
  /// The text without what follows a `#` on each line.
  var withoutComments: String {
    split(separator: "\n").map { $0.prefix { $0 != "#" } }.joined(separator: "\n")
  }
}
