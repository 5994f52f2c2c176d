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

  /// Opens a connection in a network namespace, the calling thread's if `nil`.
  public init(
    _ family: NetlinkFamily, in namespace: NetworkNamespace? = nil
  ) throws(NetlinkError) {
    let socket = try NetlinkSocket.open(family, in: namespace)
    try socket.setReceiveTimeout(milliseconds: Self.patience)
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
    sequence &+= 1
    self.request.append(request, flags: flags, sequence: sequence)
    // Neither buffer keeps a key longer than the exchange.
    defer {
      self.request.removeAll()
      datagram.removeAll()
    }
    if let failure = self.request.failure { throw .unencodable(failure) }
    try socket.send(self.request.bytes)

    var reply = Reply(sequence: sequence, port: socket.port)
    while !reply.isComplete {
      do throws(NetlinkError) {
        try socket.receive(into: &datagram)
      } catch {
        throw reply.problem.map { .malformed($0) } ?? error
      }
      reply.add(datagram.span, body)
    }
    if let problem = reply.problem { throw .malformed(problem) }
    if var refusal = reply.refusal {
      refusal.locate(in: self.request.bytes)
      throw .refused(refusal)
    }
    if reply.isInterrupted { throw .interrupted }
  }

  /// How long a reply may take. The kernel answers within the send; what waits longer is lost.
  private static let patience: Int32 = 5_000
  private static let bufferRequest: Int32 = 4 << 20
  /// What one acknowledgement takes of a receive buffer: measured 832 bytes on Linux 6.18, of
  /// which most is the kernel's bookkeeping; an explanation adds its text.
  private static let acknowledgementCost = 1280
}
