import Testing

@testable import Netlink

@Suite("A byte reader")
struct ByteReaderTests {
  @Test("reads integers in both byte orders and keeps count")
  func integers() throws {
    let bytes = hex("01 0203 04050607 08090a0b0c0d0e0f")
    var reader = ByteReader(bytes.span)
    #expect(try reader.read(UInt8.self) == 0x01)
    #expect(try reader.read(UInt16.self) == UInt16(bigEndian: 0x0203))
    #expect(try reader.read(UInt32.self) == UInt32(bigEndian: 0x0405_0607))
    var number: UInt64 = 0
    try reader.bigEndian("any", &number)
    #expect(number == 0x0809_0a0b_0c0d_0e0f)
    #expect(reader.position == 15)
    #expect(reader.remaining == 0)
  }

  @Test("refuses an integer that is not all there, and stays where it was", arguments: 0..<8)
  func shortInteger(available: Int) throws {
    let bytes = [UInt8](repeating: 7, count: available)
    var reader = ByteReader(bytes.span)
    #expect(throws: MalformedMessage.truncated(at: 0, needed: 8, available: available)) {
      var reader = ByteReader(bytes.span)
      _ = try reader.read(UInt64.self)
    }
    _ = try? reader.read(UInt64.self)
    #expect(reader.position == 0)
    #expect(reader.readRest() == bytes)
  }

  @Test("counts positions from the start of the datagram")
  func positions() throws {
    let bytes = hex("000102030405")
    var outer = ByteReader(bytes.span)
    try outer.skip(2)
    let position = outer.position
    let part = try outer.read(byteCount: 3)
    var inner = ByteReader(part, at: position)
    #expect(try inner.read(UInt8.self) == 2)
    #expect(inner.position == 3)
    #expect(outer.position == 5)
    #expect(
      refusal { _ = try inner.read(UInt32.self) }
        == .truncated(at: 3, needed: 4, available: 2))
  }

  @Test("refuses counts that are negative or too large", arguments: [-1, 4, .max, .min])
  func counts(count: Int) {
    let bytes = hex("000102")
    var reader = ByteReader(bytes.span)
    let expected = MalformedMessage.truncated(at: 0, needed: count, available: 3)
    #expect(refusal { _ = try reader.read(byteCount: count) } == expected)
    #expect(refusal { try reader.skip(count) } == expected)
    #expect(refusal { _ = try reader.readText(width: count) } == expected)
    #expect(reader.position == 0)
  }

  @Test("passes over alignment, which the last one may lack", arguments: 0...4)
  func alignment(available: Int) {
    let bytes = [UInt8](repeating: 0, count: available)
    var reader = ByteReader(bytes.span)
    reader.skipAlignment(after: 5)
    #expect(reader.position == min(3, available))
  }
}

@Suite("Text")
struct TextTests {
  @Test(
    "ends at the first zero",
    arguments: [
      ("6162 00 63", "ab"),
      ("00 6162 00", ""),
      ("c3a9 00 00", "é"),
      ("61 00 ff fe", "a"),  // nobody looks behind the zero
    ])
  func fixedWidth(bytes: String, text: String) throws {
    let bytes = hex(bytes)
    var reader = ByteReader(bytes.span)
    #expect(try reader.readText(width: 4) == text)
    #expect(reader.remaining == 0)
  }

  @Test("of no given width may end with the bytes", arguments: [("6c6f", "lo"), ("", "")])
  func unbounded(bytes: String, text: String) throws {
    let bytes = hex(bytes)
    var reader = ByteReader(bytes.span)
    #expect(try reader.readText() == text)
  }

  @Test("without an end, or not UTF-8, is refused where it begins")
  func malformed() {
    for (bytes, expected) in [
      ("00 61626364", MalformedMessage.unterminatedText(at: 1)),
      ("00 61ff6200", .unreadableText(at: 1)),
      ("00 c3000000", .unreadableText(at: 1)),
      ("00 616200", .truncated(at: 1, needed: 4, available: 3)),
    ] {
      let bytes = hex(bytes)
      var reader = ByteReader(bytes.span)
      #expect(
        refusal {
          try reader.skip(1); _ = try reader.readText(width: 4)
        } == expected)
    }
  }
}

/// Why `body` refuses what it reads, if it does.
func refusal(_ body: () throws -> Void) -> MalformedMessage? {
  do {
    try body()
    return nil
  } catch let error as MalformedMessage {
    return error
  } catch {
    Issue.record(error)
    return nil
  }
}
