import Glibc

@testable import Netlink
@testable import XFRMKit

/// What libFuzzer calls with every input it thinks of.
///
/// A datagram seldom survives a mutation that changes its length, so the input is read as it
/// stands and again with its first message's length mended. It is read as a command line, as a file
/// of them, as a configuration and as what other programs print, too: what is one kind of input is no
/// other, and that soon shows.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // Sound: libFuzzer's bytes stay for the duration of the call.
  var datagram = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  examineCommands(datagram)
  examineConfiguration(datagram)
  examineExchange(datagram)
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

/// Reads a message as what its type says it is, announcements and answers alike, and as an
/// interface, for which the same number stands in another family.
private func examine(_ message: borrowing NetlinkMessage) throws(MalformedMessage) {
  _ = try? Interface<XFRMInterface>(from: message.reader)
  switch message.header.type {
  case .newSADInfo: _ = try SADInfo(from: message.reader)
  case .newSPDInfo: _ = try SPDInfo(from: message.reader)
  case .error, .done: _ = try KernelRefusal(message)
  default:
    let event = try XFRMEvent(message)
    expect(plantedFault != "message" || message.header.flags.rawValue & 0x8000 == 0, "planted")
    rewrite(event.content)
  }
}

/// What can be read can be written.
private func rewrite(_ content: XFRMEvent.Content) {
  switch content {
  case .associationAdded(let association), .associationUpdated(let association),
    .associationDeleted(let association):
    rewrite(association)
  case .associationExpired(let expiry): rewrite(expiry.association)
  case .policyAdded(let policy), .policyUpdated(let policy), .policyDeleted(let policy):
    rewrite(policy)
  case .policyExpired(let expiry): rewrite(expiry.policy)
  case .checkpoint, .acquire, .migrated: rewriteRequest(content)
  case .associationsFlushed, .policiesFlushed, .defaultActionsChanged, .mapping, .report, .other:
    break
  }
}

/// What is written as it was read says the same, and can be asked for.
private func rewrite<Value: Rewritable>(_ value: Value) {
  for form in [MessageForm.asReceived, .request] {
    var payload = MessageBuilder()
    value.encode(into: &payload, form: form)
    expect(payload.failure == nil, "\(value) cannot be written")
    do throws(MalformedMessage) {
      let again = try Value(from: ByteReader(payload.bytes))
      expect(form == .request || again == value, "\(value) became \(again)")
    } catch {
      fatalError("\(value) cannot be read again: \(error)")
    }
  }
}

private protocol Rewritable: Equatable {
  init(from reader: consuming ByteReader) throws(MalformedMessage)
  func encode(into message: inout MessageBuilder, form: MessageForm)
}

extension SecurityAssociation: Rewritable {}
extension Policy: Rewritable {}

/// What is asked for and announced is asked for with the same bytes again.
private func rewriteRequest(_ content: XFRMEvent.Content) {
  guard let operation = Operation(content) else { return }
  var first = MessageBuilder()
  first.append(operation)
  expect(first.failure == nil, "\(operation) cannot be written")
  do throws(MalformedMessage) {
    var messages = MessageReader(first.bytes)
    guard let message = try messages.next(), let again = Operation(try XFRMEvent.Content(message))
    else { fatalError("\(operation) was not written") }
    var second = MessageBuilder()
    second.append(again)
    expect(isEqual(first.bytes, second.bytes), "\(operation) became \(again)")
  } catch {
    fatalError("\(operation) cannot be read again: \(error)")
  }
}

extension Operation {
  /// The request that is announced so.
  fileprivate init?(_ content: XFRMEvent.Content) {
    switch content {
    case .checkpoint(var checkpoint):
      // Told in another unit than asked for.
      checkpoint.timerJiffies = checkpoint.timerTenths
      self = .setCheckpoint(checkpoint)
    case .acquire(let acquire): self = .acquire(acquire)
    case .migrated(let migration): self = .migrate(migration)
    default: return nil
    }
  }
}

private func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
  one.count == other.count && one.indices.allSatisfy { one[$0] == other[$0] }
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
func expect(_ isRight: Bool, _ problem: @autoclosure () -> String) {
  if !isRight { fatalError(problem()) }
}

/// What is made a finding though it is good, a message or a command that none of the seeds is, so
/// that one can see that it is found.
let plantedFault: String? = unsafe getenv("FUZZ_PLANTED_FAULT").map { unsafe String(cString: $0) }
