import CNetlink
import Testing

@testable import Netlink

/// libmnl is the older reader and writer of the same format; each must understand the other.
@Suite("libmnl and this library understand each other")
struct LibmnlTests {
  @Test("libmnl walks the messages and attributes built here")
  func written() {
    var builder = MessageBuilder()
    for number in 1...3 as ClosedRange<UInt32> {
      builder.append(MessageType(rawValue: 16), flags: .request, sequence: number) { message in
        message.append(UInt32(0xaabb_ccdd))  // the fixed part
        message.append(AttributeType(rawValue: 1), UInt8(number))
        message.append(AttributeType(rawValue: 2), nested: true) {
          $0.append(AttributeType(rawValue: 3)) { $0.append("lo") }
        }
      }
    }
    // Sound: libmnl checks each header against the bytes left before it is read.
    unsafe builder.bytes.withUnsafeBytes { buffer in
      var left = Int32(buffer.count)
      var header = unsafe buffer.baseAddress?.assumingMemoryBound(to: nlmsghdr.self)
      var sequence: UInt32 = 0
      while let message = unsafe header, unsafe mnl_nlmsg_ok(message, left) {
        sequence += 1
        unsafe #expect(message.pointee.nlmsg_type == 16)
        unsafe #expect(message.pointee.nlmsg_flags == 1)
        unsafe #expect(message.pointee.nlmsg_seq == sequence)
        unsafe #expect(message.pointee.nlmsg_len == 40)

        let found = unsafe attributes(of: message, after: 4)
        #expect(
          found == [
            Attribute(type: 1, payload: [UInt8(sequence)]),
            Attribute(type: 2, payload: hex("0700 0300 6c6f00 00")),
          ])
        unsafe header = unsafe UnsafePointer(mnl_nlmsg_next(message, &left))
      }
      #expect(sequence == 3)
      #expect(left == 0)
    }
  }

  @Test("what libmnl builds is read here")
  func read() throws {
    let bytes = unsafe withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { buffer in
      unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0xee)
      // Sound: the message stays far below 256 bytes; the allocation has a base address.
      guard let message = unsafe mnl_nlmsg_put_header(buffer.baseAddress) else { return [UInt8]() }
      unsafe message.pointee.nlmsg_type = 17
      unsafe message.pointee.nlmsg_seq = 5
      unsafe mnl_attr_put_u8(message, 1, 0xaa)
      let nest = unsafe mnl_attr_nest_start(message, 2)
      unsafe mnl_attr_put_strz(message, 3, "eth0")
      unsafe mnl_attr_nest_end(message, nest)
      unsafe mnl_attr_put_u64(message, 4, 0x0102_0304_0506_0708)
      return unsafe Array(buffer.prefix(Int(message.pointee.nlmsg_len)))
    }
    var messages = MessageReader(bytes.span)
    guard let message = try messages.next() else {
      Issue.record("no message")
      return
    }
    #expect(message.header.type == MessageType(rawValue: 17))
    #expect(message.header.sequence == 5)

    var types: [UInt16] = []
    var attributes = AttributeReader(message.reader)
    while let attribute = try attributes.next() {
      types.append(attribute.type.rawValue)
      var payload = attribute.reader
      switch attribute.type.rawValue {
      case 1: #expect(try payload.read(UInt8.self) == 0xaa)
      case 2:
        #expect(attribute.isNested == true)
        var nested = attribute.attributes
        guard let inner = try nested.next() else {
          Issue.record("nothing nested")
          return
        }
        var text = inner.reader
        #expect(inner.type.rawValue == 3)
        #expect(try text.readText() == "eth0")
      default: #expect(try payload.read(UInt64.self) == 0x0102_0304_0506_0708)
      }
    }
    #expect(types == [1, 2, 4])
  }

  /// Both must agree on which datagrams are whole; libmnl says nothing about why not.
  @Test("both refuse the same damaged attributes")
  func damage() {
    let bytes = hex("0500 0100 aa000000  0800 0200 01020304  0600 0300 bbcc0000")
    var random = SeededGenerator(seed: 2)
    for _ in 0..<2_000 {
      var damaged = bytes
      damaged[[0, 1, 8, 9, 16, 17].randomElement(using: &random) ?? 0] = UInt8.random(
        in: 0...12, using: &random)
      var here = 0
      var reader = AttributeReader(ByteReader(damaged.span))
      while (try? reader.next()) != nil { here += 1 }

      let message = host(UInt32(16 + damaged.count)) + [UInt8](repeating: 0, count: 12) + damaged
      let there = unsafe message.withUnsafeBytes { buffer in
        // Sound: the length in the header is that of the buffer.
        unsafe buffer.baseAddress.map {
          unsafe attributes(of: $0.assumingMemoryBound(to: nlmsghdr.self), after: 0).count
        }
      }
      #expect(here == there, "\(damaged)")
    }
  }

  private struct Attribute: Equatable {
    var type: UInt16
    var payload: [UInt8]
  }

  /// Walks attributes as libmnl does; its `mnl_attr_for_each` is a macro.
  @unsafe private func attributes(
    of message: UnsafePointer<nlmsghdr>, after fixed: Int
  ) -> [Attribute] {
    var found: [Attribute] = []
    let end = unsafe UnsafeRawPointer(message) + Int(message.pointee.nlmsg_len)
    var next = unsafe UnsafePointer<nlattr>(
      OpaquePointer(mnl_nlmsg_get_payload_offset(message, fixed)))
    while let attribute = unsafe next,
      unsafe mnl_attr_ok(attribute, Int32(end - UnsafeRawPointer(attribute)))
    {
      let payload = unsafe UnsafeRawBufferPointer(
        start: mnl_attr_get_payload(attribute), count: Int(mnl_attr_get_payload_len(attribute)))
      found.append(
        unsafe Attribute(type: mnl_attr_get_type(attribute), payload: Array(payload)))
      unsafe next = unsafe UnsafePointer(mnl_attr_next(attribute))
    }
    return found
  }
}
