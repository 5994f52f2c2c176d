import Testing

@testable import Netlink

@Suite("A reply to a batch")
struct BatchReplyTests {
  private let exists = RequestOutcome.refused(KernelRefusal(errno: .fileExists))

  /// A reply to requests 7, 8, 9 … from port 9.
  private func reply(to count: Int, _ datagrams: [UInt8]...) -> BatchReply {
    var reply = BatchReply(firstSequence: 7, port: 9)
    for _ in 0..<count { reply.expectMessage() }
    for datagram in datagrams { reply.add(datagram.span) }
    return reply
  }

  @Test("where each is acknowledged, is over with the last acknowledgement")
  func everyMessage() {
    let acknowledgements = [7, 8, 9].map { Datagram.acknowledgement(sequence: $0) }
    let begun = reply(to: 3, acknowledgements[0], acknowledgements[1])
    #expect(!begun.isComplete)
    let done = reply(to: 3, acknowledgements[0], acknowledgements[1] + acknowledgements[2])
    #expect(done.isComplete)
    #expect(
      done.finalOutcomes(isWhole: true, acknowledgement: .everyMessage)
        == [.accepted, .accepted, .accepted])
  }

  @Test("where only the last is acknowledged, takes silence for consent")
  func lastOfDatagram() {
    let reply = reply(to: 3, Datagram.acknowledgement(sequence: 9))
    #expect(reply.isComplete)
    #expect(
      reply.finalOutcomes(isWhole: true, acknowledgement: .lastOfDatagram)
        == [.accepted, .accepted, .accepted])
  }

  @Test("where each is to be acknowledged, takes silence for a loss")
  func silence() {
    let reply = reply(to: 3, Datagram.acknowledgement(sequence: 9))
    #expect(
      reply.finalOutcomes(isWhole: true, acknowledgement: .everyMessage)
        == [.unknown, .unknown, .accepted])
  }

  @Test("that is not whole, leaves what is missing unknown")
  func lost() {
    let reply = reply(to: 3, Datagram.acknowledgement(code: -17, sequence: 8))
    for policy in [.everyMessage, .lastOfDatagram] as [BatchOptions.Acknowledgement] {
      #expect(
        reply.finalOutcomes(isWhole: false, acknowledgement: policy)
          == [.unknown, exists, .unknown])
    }
  }

  @Test("tells a refusal in the middle from its neighbours")
  func refusalInTheMiddle() {
    let reply = reply(
      to: 3, Datagram.acknowledgement(code: -17, sequence: 8),
      Datagram.acknowledgement(sequence: 9))
    #expect(reply.isComplete)
    #expect(
      reply.finalOutcomes(isWhole: true, acknowledgement: .lastOfDatagram)
        == [.accepted, exists, .accepted])
  }

  @Test("is over with the refusal of the last")
  func lastRefused() {
    let reply = reply(to: 2, Datagram.acknowledgement(code: -17, sequence: 8))
    #expect(reply.isComplete)
    #expect(
      reply.finalOutcomes(isWhole: true, acknowledgement: .lastOfDatagram) == [.accepted, exists])
  }

  @Test("lets the first word about a request stand")
  func duplicates() {
    let reply = reply(
      to: 2, Datagram.acknowledgement(code: -17, sequence: 7),
      Datagram.acknowledgement(sequence: 7), Datagram.acknowledgement(code: -1, sequence: 7))
    #expect(reply.outcomes == [exists, nil])
    #expect(!reply.isComplete)
  }

  @Test(
    "passes over what is not for it",
    arguments: [
      Datagram.acknowledgement(sequence: 9, port: 8),  // another socket's
      Datagram.acknowledgement(sequence: 6),  // before the first
      Datagram.acknowledgement(sequence: 10),  // behind the last
      Datagram.acknowledgement(sequence: 0x8000_0000),
      Datagram.message(type: 16, sequence: 9),  // an answer, not an acknowledgement
      Datagram.message(type: 1, sequence: 9),
    ])
  func foreign(datagram: [UInt8]) {
    let reply = reply(to: 3, datagram)
    #expect(!reply.isComplete)
    #expect(reply.outcomes == [nil, nil, nil])
    #expect(reply.problem == nil)
  }

  @Test("counts across the end of the sequence numbers")
  func wrapping() {
    var reply = BatchReply(firstSequence: .max, port: 9)
    reply.expectMessage()
    reply.expectMessage()
    reply.add(Datagram.acknowledgement(code: -17, sequence: .max).span)
    reply.add(Datagram.acknowledgement(sequence: 0).span)
    #expect(reply.isComplete)
    #expect(reply.outcomes == [exists, .accepted])
  }

  @Test("goes on after an answer that makes no sense, and is over when that was the last")
  func malformed() {
    let nonsense = Datagram.acknowledgement(code: 5, sequence: 7)
    let middle = reply(to: 2, nonsense + Datagram.acknowledgement(sequence: 8))
    #expect(middle.outcomes == [nil, .accepted])
    #expect(middle.isComplete)
    let problem = MalformedMessage.unexpectedValue(at: 16, field: "an error code of 5")
    #expect(middle.problem == problem)

    let last = reply(to: 1, nonsense)
    #expect(last.isComplete)
    #expect(last.outcomes == [nil])
    #expect(last.problem == problem)
  }

  @Test("remembers a datagram that cannot be walked")
  func garbage() {
    let reply = reply(to: 1, hex("0f000000 0200 0000 07000000 09000000"))
    #expect(reply.problem == .messageTooShort(at: 0, length: 15))
    #expect(!reply.isComplete)
  }
}
