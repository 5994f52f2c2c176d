/// What has arrived so far in answer to one request.
///
/// It takes bytes, not a socket, so that the protocol is tested by feeding it datagrams.
struct Reply {
  let sequence: UInt32
  let port: UInt32
  private(set) var isComplete = false
  private(set) var isInterrupted = false
  private(set) var refusal: KernelRefusal?
  /// The first thing that could not be read. Reading goes on until the reply ends, or the kernel
  /// would refuse the next dump on the same socket.
  private(set) var problem: MalformedMessage?

  init(sequence: UInt32, port: UInt32) {
    self.sequence = sequence
    self.port = port
  }

  /// Takes in a datagram and lends each message of the answer to `body`.
  mutating func add(
    _ datagram: Span<UInt8>,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) {
    do throws(MalformedMessage) {
      var messages = MessageReader(datagram)
      while let message = try messages.next() {
        guard message.header.sequence == sequence, message.header.port == port else { continue }
        do throws(MalformedMessage) { try add(message, body) } catch { note(error) }
      }
    } catch {
      note(error)
    }
  }

  private mutating func add(
    _ message: borrowing NetlinkMessage,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) throws(MalformedMessage) {
    if message.header.flags.contains(.dumpInterrupted) { isInterrupted = true }
    switch message.header.type {
    case .error, .done:
      isComplete = true
      refusal = try KernelRefusal(message)
    case .nothing: break
    default: try body(message)
    }
  }

  private mutating func note(_ error: MalformedMessage) {
    if problem == nil { problem = error }
  }
}
