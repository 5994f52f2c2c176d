/// What has arrived so far in answer to one request.
///
/// It takes bytes, not a socket, so that the protocol is tested by feeding it datagrams.
struct Reply {
  let sequence: UInt32
  let port: UInt32
  /// Whether it ends with `NLMSG_DONE`, and not with an acknowledgement.
  let isDump: Bool
  private(set) var isComplete = false
  private(set) var isInterrupted = false
  private(set) var refusal: KernelRefusal?
  /// The first thing that could not be read. Reading goes on until the reply ends, or the kernel
  /// would refuse the next dump on the same socket.
  private(set) var problem: MalformedMessage?

  init(sequence: UInt32, port: UInt32, isDump: Bool = false) {
    self.sequence = sequence
    self.port = port
    self.isDump = isDump
  }

  /// Takes in a datagram and lends each message of the answer to `body`; `false` if it holds
  /// nothing of the answer.
  @discardableResult
  mutating func add(
    _ datagram: Span<UInt8>,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) -> Bool {
    var isOurs = false
    do throws(MalformedMessage) {
      var messages = MessageReader(datagram)
      while !isComplete, let message = try messages.next() {
        guard message.header.sequence == sequence, message.header.port == port else { continue }
        isOurs = true
        do throws(MalformedMessage) { try add(message, body) } catch { note(error) }
      }
    } catch {
      note(error)
    }
    return isOurs
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
      // A refusal ends everything, but good news must be of the right kind.
      if refusal == nil { isComplete = (message.header.type == .done) == isDump }
    case let type where type.isControl: break
    default: try body(message)
    }
  }

  private mutating func note(_ error: MalformedMessage) {
    if problem == nil { problem = error }
  }
}
