import Glibc

@testable import Netlink
@testable import XFRMKit

/// What libFuzzer calls with every input it thinks of.
///
/// A datagram seldom survives a mutation that changes its length, so the input is read as it
/// stands and again with its first message's length mended.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Sound: libFuzzer's bytes stay for the duration of the call.
  var datagram = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  examine(datagram)
  if mendLength(of: &datagram) { examine(datagram) }
  return 0
}

/// Makes the first message as long as the datagram; `false` if it is that already.
private func mendLength(of datagram: inout [UInt8]) -> Bool {
  guard datagram.count >= MessageHeader.size else { return false }
  let before = datagram.prefix(4)
  for index in 0..<4 {
    datagram[index] = UInt8(truncatingIfNeeded: datagram.count >> (8 * index))
  }
  return datagram.prefix(4) != before
}

private func examine(_ datagram: [UInt8]) {
  var messages = MessageReader(datagram.span)
  var isFirst = true
  // What cannot be read is no finding: that is what the error is for.
  while let message = try? messages.next() {
    if isFirst { examineReplies(datagram, header: message.header) }
    isFirst = false
    try? examine(message)
  }
}

/// Reads a message as what its type says it is.
private func examine(_ message: borrowing NetlinkMessage) throws(MalformedMessage) {
  switch message.header.type {
  case .newAssociation, .updateAssociation:
    try rewrite(SecurityAssociation(from: message.reader), message.header)
  case .newPolicy, .updatePolicy: try rewrite(Policy(from: message.reader), message.header)
  case MessageType(rawValue: 34): _ = try SADInfo(from: message.reader)
  case MessageType(rawValue: 36): _ = try SPDInfo(from: message.reader)
  case .error, .done: _ = try KernelRefusal(message)
  default: break
  }
}

/// Something that is written as it was read.
private protocol Rewritable: Equatable {
  init(from reader: consuming ByteReader) throws(MalformedMessage)
  func encode(into message: inout MessageBuilder, form: MessageForm)
}

extension SecurityAssociation: Rewritable {}
extension Policy: Rewritable {}

/// What can be read can be written, and then says the same.
private func rewrite<Value: Rewritable>(_ value: Value, _ header: MessageHeader) {
  expect(!isFaultPlanted || header.flags.rawValue & 0x8000 == 0, "planted")
  for form in [MessageForm.asReceived, .request] {
    var builder = MessageBuilder()
    builder.append(header.type) { value.encode(into: &$0, form: form) }
    expect(builder.failure == nil, "\(value) cannot be written")
    do throws(MalformedMessage) {
      var messages = MessageReader(builder.bytes)
      guard let message = try messages.next() else { fatalError("nothing was written") }
      let again = try Value(from: message.reader)
      expect(form == .request || again == value, "\(value) became \(again)")
    } catch {
      fatalError("\(value) cannot be read again: \(error)")
    }
  }
}

/// Takes the datagram for the answer to what its first message says it answers: whole, cut at its
/// first message, and once more.
private func examineReplies(_ datagram: [UInt8], header: MessageHeader) {
  var reply = Reply(sequence: header.sequence, port: header.port)
  var batch = BatchReply(firstSequence: header.sequence, port: header.port)
  for _ in 0..<3 { batch.expectMessage() }
  for part in [datagram, Array(datagram.prefix(Int(clamping: header.length))), datagram] {
    let (earlierReply, earlierBatch) = (reply, batch)
    reply.add(part.span) { _ in }
    batch.add(part.span)
    expect(reply.isComplete || !earlierReply.isComplete, "a reply is over no more")
    expect(batch.isComplete || !earlierBatch.isComplete, "a batch is over no more")
    for (earlier, later) in zip(earlierBatch.outcomes, batch.outcomes) where earlier != nil {
      expect(earlier == later, "the first word did not stand")
    }
  }
  var refusal = reply.refusal
  refusal?.locate(in: datagram.span, request: 1)
}

/// Unlike `precondition`, says what is wrong in an optimised build too.
private func expect(_ isRight: Bool, _ problem: @autoclosure () -> String) {
  if !isRight { fatalError(problem()) }
}

/// Makes a finding of something that is good and in none of the seeds, so that one can see that
/// it is found.
private let isFaultPlanted = unsafe getenv("FUZZ_PLANTED_FAULT") != nil
