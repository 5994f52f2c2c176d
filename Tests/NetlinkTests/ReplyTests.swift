import Testing

@testable import Netlink

@Suite("A reply")
struct ReplyTests {
  /// Feeds datagrams to a reply to request 7 from port 9; `body` gets each message of the answer.
  private func reply(
    _ datagrams: [UInt8]..., isDump: Bool = false,
    body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void = { _ in }
  ) -> Reply {
    var reply = Reply(sequence: 7, port: 9, isDump: isDump)
    for datagram in datagrams { reply.add(datagram.span, body) }
    return reply
  }

  @Test("ends at the acknowledgement")
  func acknowledgement() {
    let reply = reply(Datagram.acknowledgement())
    #expect(reply.isComplete)
    #expect(reply.refusal == nil)
    #expect(reply.problem == nil)
  }

  @Test("is not over before the acknowledgement, and lends what comes first")
  func answer() {
    var entries: [UInt8] = []
    let entry = Datagram.message(type: 16, payload: [1, 2])
    let begun = reply(entry) { entries += $0.payload.array }
    #expect(!begun.isComplete)
    #expect(entries == [1, 2])
    #expect(reply(entry, Datagram.acknowledgement()).isComplete)
    #expect(reply(entry + hex("0000") + Datagram.acknowledgement()).isComplete)  // one datagram
  }

  @Test("carries the kernel's refusal")
  func refusal() {
    let reply = reply(Datagram.acknowledgement(code: -17))
    #expect(reply.isComplete)
    #expect(reply.refusal == KernelRefusal(errno: .fileExists))
  }

  @Test(
    "passes over what answers another request, or another socket",
    arguments: [(8, 9), (6, 9), (7, 1), (7, 0)] as [(UInt32, UInt32)])
  func foreign(sequence: UInt32, port: UInt32) {
    let foreign = [
      Datagram.message(type: 16, sequence: sequence, port: port, payload: [1]),
      Datagram.acknowledgement(code: -17, sequence: sequence, port: port),
      Datagram.message(
        type: 3, flags: 0x12, sequence: sequence, port: port, payload: host(Int32(0))),
    ]
    for datagram in foreign {
      let reply = reply(datagram) { _ in Issue.record("lent a foreign message") }
      #expect(!reply.isComplete)
      #expect(!reply.isInterrupted)
      #expect(reply.refusal == nil)
    }
  }

  @Test("passes over NLMSG_NOOP and control messages to come", arguments: [1, 4, 15] as [UInt16])
  func control(type: UInt16) {
    let reply = reply(Datagram.message(type: type)) { _ in Issue.record("lent it") }
    #expect(!reply.isComplete)
    #expect(reply.problem == nil)
  }

  @Test("is not over with good news of the wrong kind", arguments: [false, true])
  func wrongEnd(isDump: Bool) {
    let acknowledgement = Datagram.acknowledgement()
    let done = Datagram.message(type: 3, flags: 2, payload: host(Int32(0)))
    let (right, wrong) = isDump ? (done, acknowledgement) : (acknowledgement, done)
    #expect(!reply(wrong, isDump: isDump).isComplete)
    #expect(reply(wrong + right, isDump: isDump).isComplete)
  }

  @Test("lets its end stand, and passes over what comes behind it")
  func end() {
    let reply = reply(
      Datagram.acknowledgement(code: -17) + Datagram.acknowledgement(),
      Datagram.message(type: 16), Datagram.acknowledgement(code: -1)
    ) { _ in Issue.record("lent a message behind the end") }
    #expect(reply.isComplete)
    #expect(reply.refusal == KernelRefusal(errno: .fileExists))
  }

  @Test("tells whether a datagram held anything of it")
  func progress() {
    var reply = Reply(sequence: 7, port: 9)
    #expect(!reply.add([UInt8]().span) { _ in })
    #expect(!reply.add(Datagram.acknowledgement(sequence: 6).span) { _ in })
    #expect(!reply.add(hex("0f000000").span) { _ in })
    #expect(reply.add(Datagram.message(type: 16).span) { _ in })
    #expect(reply.add(Datagram.acknowledgement().span) { _ in })
  }

  @Test("to a dump ends with NLMSG_DONE")
  func dump() {
    var entries: [UInt8] = []
    let part = Datagram.message(type: 16, flags: 2, payload: [1, 0, 0, 0])
    let rest =
      Datagram.message(type: 16, flags: 2, payload: [2, 0, 0, 0])
      + Datagram.message(type: 3, flags: 2, payload: host(Int32(0)))
    let reply = reply(part, rest, isDump: true) { entries.append($0.payload.array[0]) }
    #expect(reply.isComplete)
    #expect(reply.refusal == nil)
    #expect(!reply.isInterrupted)
    #expect(entries == [1, 2])
  }

  @Test("to a dump that failed half-way carries the refusal, with its explanation")
  func failedDump() {
    let plain = reply(Datagram.message(type: 3, flags: 2, payload: host(Int32(-12))))
    #expect(plain.isComplete)
    #expect(plain.refusal == KernelRefusal(errno: .noMemory))
    let explained = reply(
      Datagram.message(
        type: 3, flags: 0x202,  // multipart, explained
        payload: host(Int32(-22)) + hex("0700 0100 6e6f00 00")))  // NLMSGERR_ATTR_MSG "no"
    #expect(explained.refusal == KernelRefusal(errno: .invalidArgument, explanation: "no"))
  }

  @Test("says if the table changed meanwhile", arguments: [16, 3] as [UInt16])
  func interrupted(type: UInt16) {
    let reply = reply(
      Datagram.message(type: type, flags: 0x12, payload: host(Int32(0))), isDump: true)
    #expect(reply.isInterrupted)
    #expect(reply.isComplete == (type == 3))
  }

  @Test("goes on to its end after an entry that cannot be read")
  func bodyError() {
    var seen = 0
    let entry = Datagram.message(type: 16, flags: 2, payload: [1, 2, 3, 4])
    let reply = reply(
      entry + entry, entry, Datagram.message(type: 3, flags: 2, payload: host(Int32(0))),
      isDump: true
    ) { (_) throws(MalformedMessage) in
      seen += 1
      throw .unreadableText(at: seen)
    }
    #expect(seen == 3)
    #expect(reply.isComplete)
    #expect(reply.problem == .unreadableText(at: 1))  // the first counts
  }

  @Test("remembers a message shorter than its header", arguments: 0..<16 as Range<UInt8>)
  func short(length: UInt8) {
    var bytes = Datagram.acknowledgement()
    bytes[0] = length
    #expect(reply(bytes).problem == .messageTooShort(at: 0, length: UInt32(length)))
  }

  @Test("is over even if its end has no code, or only part of one", arguments: 0..<4)
  func endWithoutCode(count: Int) {
    for type in [2, 3] as [UInt16] {
      let reply = reply(
        Datagram.message(type: type, payload: [UInt8](repeating: 0, count: count)))
      #expect(reply.isComplete)
      #expect(reply.problem == .truncated(at: 16, needed: 4, available: count))
    }
  }

  @Test(
    "refuses codes that no kernel sends",
    arguments: [1, 17, .max, .min] as [Int32])
  func nobodysCode(code: Int32) {
    let reply = reply(Datagram.acknowledgement(code: code))
    #expect(reply.isComplete)
    #expect(reply.refusal == nil)
    #expect(reply.problem == .unexpectedValue(at: 16, field: "an error code of \(code)"))
  }

  @Test("never traps on damage, wherever it is")
  func damage() {
    var random = SeededGenerator(seed: 3)
    let whole =
      Datagram.explained + Datagram.message(type: 3, flags: 0x202, payload: hex("eaffffff"))
    for _ in 0..<5_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
      }
      _ = reply(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
    }
  }
}

/// Datagrams as the kernel would send them in answer to request 7 from port 9.
enum Datagram {
  static func message(
    type: UInt16, flags: UInt16 = 0, sequence: UInt32 = 7, port: UInt32 = 9, payload: [UInt8] = []
  ) -> [UInt8] {
    host(UInt32(16 + payload.count)) + host(type) + host(flags) + host(sequence) + host(port)
      + payload
  }

  /// `NLMSG_ERROR` that echoes the header of a request of type 16, as with `NETLINK_CAP_ACK`.
  static func acknowledgement(
    code: Int32 = 0, sequence: UInt32 = 7, port: UInt32 = 9
  ) -> [UInt8] {
    message(
      type: 2, flags: 0x100, sequence: sequence, port: port,
      payload: host(code) + message(type: 16, flags: 5, sequence: sequence, port: 0))
  }

  /// EINVAL with everything the kernel can add.
  static let explained = hex(
    """
    40000000 0200 0003 07000000 09000000  # length 64, NLMSG_ERROR, capped and explained
    eaffffff                              # -EINVAL
    6c010000 1000 0500 07000000 00000000  # the request's header
    0b00 0100 6e6f20776179 00 00          # NLMSGERR_ATTR_MSG "no way", its zero, padding
    0800 0200 f0000000                    # NLMSGERR_ATTR_OFFS 240
    0800 0300 01020304                    # NLMSGERR_ATTR_COOKIE, passed over
    """.withoutComments)
}
