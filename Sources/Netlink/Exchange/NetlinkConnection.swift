/// A conversation with one kernel netlink family.
///
/// Every call blocks, briefly: the kernel has queued its answer by the time the request is sent.
public struct NetlinkConnection: ~Copyable, Sendable {
  let socket: NetlinkSocket
  var sequence: UInt32 = 0
  var request: MessageBuilder
  var datagram: WipedBuffer
  /// How many acknowledgements the receive buffer holds for certain.
  let acknowledgementLimit: Int
  /// Whether the last request was given up, so that its answer may be there or still come.
  var isUnsettled = false
  /// How long the kernel may keep silent. It answers within the send; what takes longer is lost.
  var patience = Patience(milliseconds: 5_000)

  /// Opens a connection in a network namespace, the calling thread's if `nil`.
  public init(
    _ family: NetlinkFamily, in namespace: NetworkNamespace? = nil
  ) throws(NetlinkError) {
    let socket = try NetlinkSocket.open(family, in: namespace)
    let received = try socket.setBuffers(Self.bufferRequest)
    request = MessageBuilder(port: socket.port)
    self.socket = socket
    acknowledgementLimit = max(1, received / Self.acknowledgementCost)
    datagram = WipedBuffer(capacity: NetlinkSocket.datagramCapacity)
  }

  /// The address of this connection's socket: what the kernel announces because of its requests
  /// bears it.
  public var port: UInt32 { socket.port }

  /// Sends a request and waits for the kernel to accept it.
  public mutating func execute(_ request: some NetlinkRequest) throws(NetlinkError) {
    try exchange(request, flags: .acknowledge) { _ in }
  }

  /// Sends a request that is answered by one message, and reads that.
  public mutating func fetch<Answer>(
    _ request: some NetlinkRequest,
    _ decode: (borrowing NetlinkMessage) throws(MalformedMessage) -> Answer
  ) throws(NetlinkError) -> Answer {
    var answer: Answer?
    try exchange(request, flags: .acknowledge) { (message) throws(MalformedMessage) in
      answer = try decode(message)
    }
    guard let answer else { throw .unanswered }
    return answer
  }

  /// Lists a table, lending each entry to `body`.
  ///
  /// - Throws: ``NetlinkError/interrupted``, once every entry was lent, if the kernel says that the
  ///   table changed meanwhile. (XFRM never does.)
  public mutating func dump(
    _ request: some NetlinkRequest,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) throws(NetlinkError) {
    try exchange(request, flags: .dump, body)
  }

  private mutating func exchange(
    _ request: some NetlinkRequest, flags: MessageFlags,
    _ body: (borrowing NetlinkMessage) throws(MalformedMessage) -> Void
  ) throws(NetlinkError) {
    // Neither buffer keeps a key longer than the exchange.
    defer {
      self.request.removeAll()
      datagram.removeAll()
    }
    try settle()
    sequence &+= 1
    self.request.append(request, flags: flags, sequence: sequence)
    if let failure = self.request.failure { throw .unencodable(failure) }
    try socket.send(self.request.bytes)

    var reply = Reply(
      sequence: sequence, port: socket.port, isDump: flags.isSuperset(of: .dump))
    // Whoever gets EBUSY has given up a dump that is running still.
    defer { isUnsettled = !reply.isComplete || reply.refusal?.errno == .busy }
    var patience = self.patience
    while !reply.isComplete {
      do throws(NetlinkError) {
        try receive(&patience)
        if reply.add(datagram.span, body) {
          patience.renew()
        } else if patience.remaining() == 0 {
          throw .timedOut
        }
      } catch {
        throw reply.problem.map { .malformed($0) } ?? error
      }
    }
    if let problem = reply.problem { throw .malformed(problem) }
    if var refusal = reply.refusal {
      refusal.locate(in: self.request.bytes)
      throw .refused(refusal)
    }
    if reply.isInterrupted { throw .interrupted }
  }

  /// Takes in a datagram, as soon as there is one.
  mutating func receive(_ patience: inout Patience) throws(NetlinkError) {
    while try !socket.receive(into: &datagram) {
      guard try socket.wait(&patience) else { throw .timedOut }
    }
  }

  /// Takes in what is left of the answer to a request that was given up: the kernel starts no dump
  /// before the last one was read to its end.
  mutating func settle() throws(NetlinkError) {
    guard isUnsettled else { return }
    var patience = self.patience
    while patience.remaining() > 0 {
      do throws(NetlinkError) {
        guard try socket.receive(into: &datagram) else {
          isUnsettled = false
          return
        }
      } catch .overrun {
        continue
      } catch .truncated {
        continue
      }
    }
    throw .timedOut
  }

  private static let bufferRequest: Int32 = 4 << 20
  /// What one acknowledgement takes of a receive buffer: measured 832 bytes on Linux 6.18, of
  /// which most is the kernel's bookkeeping; an explanation adds its text.
  private static let acknowledgementCost = 1280
}
