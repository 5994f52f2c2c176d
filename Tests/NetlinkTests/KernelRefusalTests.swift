import Testing

@testable import Netlink

@Suite("A kernel's refusal")
struct KernelRefusalTests {
  @Test("carries explanation and offset, behind an echoed header")
  func capped() throws {
    let refusal = try #require(try decode(Datagram.explained))
    #expect(
      refusal
        == KernelRefusal(errno: .invalidArgument, explanation: "no way", offset: 240))
  }

  @Test("carries them behind an echo of the whole request, padded", arguments: 0...8)
  func uncapped(payload: Int) throws {
    let request = Datagram.message(type: 16, payload: [UInt8](repeating: 0xff, count: payload))
    let padding = [UInt8](repeating: 0, count: aligned(payload) - payload)
    let refusal = try #require(
      try decode(
        Datagram.message(
          type: 2, flags: 0x200,  // explained, not capped
          payload: host(Int32(-34)) + request + padding + hex("0700 0100 6e6f00 00"))))
    #expect(refusal == KernelRefusal(errno: .outOfRange, explanation: "no"))
  }

  @Test("names the attribute that is missing")
  func missing() throws {
    let refusal = try #require(
      try decode(
        Datagram.message(
          type: 2, flags: 0x300,
          payload: host(Int32(-22)) + Datagram.message(type: 16) + hex("0800 0500 05000000"))))
    #expect(refusal.attribute == AttributeType(rawValue: 5))
    #expect(refusal.offset == nil)
  }

  @Test("is not looked for behind an echo that nothing announces")
  func unannounced() throws {
    let bytes = Datagram.message(
      type: 2, flags: 0x100,
      payload: host(Int32(-17)) + Datagram.message(type: 16) + hex("0700 0100 6e6f00 00"))
    #expect(try decode(bytes) == KernelRefusal(errno: .fileExists))
  }

  @Test("a warning with code 0 is no refusal")
  func warning() throws {
    let bytes = Datagram.message(
      type: 2, flags: 0x300,
      payload: host(Int32(0)) + Datagram.message(type: 16) + hex("0700 0100 6e6f00 00"))
    #expect(try decode(bytes) == nil)
  }

  /// Behind the code (20 bytes) a cut is good only where an attribute ends, padded or not.
  @Test("cut anywhere but behind an attribute, is malformed")
  func truncations() {
    let bytes = Datagram.explained
    let good: [ClosedRange<Int>] = [36...36, 47...48, 56...56]
    for count in 16..<bytes.count {
      var cut = Array(bytes.prefix(count))
      cut[0] = UInt8(count)
      let isGood = good.contains { $0.contains(count) }
      #expect((refusal { _ = try decode(cut) } == nil) == isGood, "cut to \(count)")
    }
  }

  @Test(
    "with an echo length that makes no sense is malformed",
    arguments: [0, 1, 3, 40, 0x7fff_ffff, .max] as [UInt32])
  func echoLength(length: UInt32) {
    let bytes = Datagram.message(
      type: 2, flags: 0x200,
      payload: host(Int32(-22)) + host(length) + [UInt8](repeating: 0, count: 12))
    #expect(refusal { _ = try decode(bytes) } != nil)
  }

  @Test("finds the attribute at the offset in the request")
  func locate() {
    var request = MessageBuilder()
    request.append(MessageType(rawValue: 16)) {
      $0.append(AttributeType(rawValue: 0x0118), UInt32(0))
      $0.append(AttributeType(rawValue: 5), nested: true) { $0.append(UInt32(0)) }
    }
    for (offset, type) in [
      (16, 0x0118), (24, 5),  // nested flag left out
      (15, nil), (0, nil), (29, nil), (4_000, nil), (-1, nil), (nil, nil),
    ] as [(Int?, UInt16?)] {
      var refusal = KernelRefusal(errno: .invalidArgument, offset: offset)
      refusal.locate(in: request.bytes)
      #expect(refusal.attribute?.rawValue == type, "offset \(String(describing: offset))")
    }
  }

  @Test("keeps the attribute that the kernel named itself")
  func locateKnown() {
    var refusal = KernelRefusal(
      errno: .invalidArgument, offset: 16, attribute: AttributeType(rawValue: 77))
    refusal.locate(in: Datagram.message(type: 16, payload: hex("0400 0100")).span)
    #expect(refusal.attribute?.rawValue == 77)
  }

  @Test("reads as the kernel's words, or the C library's")
  func description() {
    #expect("\(KernelRefusal(errno: .fileExists))" == "File exists (EEXIST)")
    #expect(
      "\(KernelRefusal(errno: .invalidArgument, explanation: "no way"))"
        == "“no way”, Invalid argument (EINVAL)")
  }

  private func decode(_ bytes: [UInt8]) throws(MalformedMessage) -> KernelRefusal? {
    var messages = MessageReader(bytes.span)
    guard let message = try messages.next() else { return nil }
    return try KernelRefusal(message)
  }
}
