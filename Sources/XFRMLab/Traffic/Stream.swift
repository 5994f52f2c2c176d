internal import Glibc
internal import XFRMKit

extension Flow {
  /// Sends bytes through a TCP connection and returns how many arrived in order and unchanged.
  ///
  /// - Parameter patience: How long to go on without progress, in milliseconds.
  public func stream(
    bytes total: Int, port: UInt16 = 7002, patience: Int32 = 2_000
  ) throws(LabError) -> Int {
    guard let connection = try Connection(self, port: port, patience: patience) else { return 0 }
    return connection.transfer(total, patience: patience)
  }

  /// Sends as much as goes through a TCP connection for a while, and returns how many bytes arrived
  /// and how long that took.
  ///
  /// The bytes are counted and not compared, which on fast machines would be part of the time.
  ///
  /// - Parameter duration: How long to send, from the first byte that arrives.
  public func stream(
    for duration: Duration, port: UInt16 = 7003, patience: Int32 = 2_000
  ) throws(LabError) -> (bytes: Int, duration: Duration) {
    guard let connection = try Connection(self, port: port, patience: patience) else {
      return (0, .zero)
    }
    return connection.transfer(for: duration, patience: patience)
  }
}

/// Both ends of a TCP connection.
private struct Connection: ~Copyable {
  private let outgoing: Socket
  private let incoming: Socket

  /// `nil` if it does not come about.
  init?(_ flow: Flow, port: UInt16, patience: Int32) throws(LabError) {
    let (source, destination) = (flow.source, flow.destination)
    let listener = try flow.receiver.run { () throws(LabError) in
      let socket = try Socket(destination.family, .stream)
      try socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
      try socket.bind(destination, port: port)
      try socket.listen()
      return socket
    }
    let outgoing = try flow.sender.run { () throws(LabError) in
      let socket = try Socket(destination.family, .stream)
      try socket.endWithSocket()
      try socket.bind(source)
      try socket.connect(destination, port: port)
      return socket
    }
    guard listener.waitToReceive(milliseconds: patience), let incoming = listener.accept() else {
      return nil
    }
    try incoming.endWithSocket()
    self.outgoing = outgoing
    self.incoming = incoming
  }

  /// - Returns: How many bytes arrived as they were sent.
  borrowing func transfer(_ total: Int, patience: Int32) -> Int {
    var (sent, received) = (0, 0)
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    let clock = ContinuousClock()
    var lastProgress = clock.now
    while received < total, clock.now - lastProgress < .milliseconds(patience) {
      let isReady =
        sent >= total
        ? incoming.waitToReceive(milliseconds: patience)
        : Socket.wait(toReceive: incoming, orToSend: outgoing, milliseconds: patience)
      guard isReady else { break }
      if sent < total {
        let start = sent % StreamPattern.period
        let end = start + min(StreamPattern.chunk, total - sent)
        switch outgoing.send(StreamPattern.bytes.span.extracting(start..<end)) {
        case .success(let count): sent += count
        case .failure(.again): break
        case .failure: return received
        }
      }
      switch incoming.receive(into: &buffer) {
      case .failure(.again): continue
      case .failure: return received
      case .success(let count):
        let start = received % StreamPattern.period
        guard count > 0, buffer[..<count] == StreamPattern.bytes[start..<(start + count)] else {
          return received
        }
        received += count
        lastProgress = clock.now
      }
    }
    return received
  }

  borrowing func transfer(
    for limit: Duration, patience: Int32
  ) -> (bytes: Int, duration: Duration) {
    var received = 0
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    let chunk = StreamPattern.bytes.span.extracting(..<StreamPattern.chunk)
    let clock = ContinuousClock()
    var start = clock.now
    while clock.now - start < limit,
      Socket.wait(toReceive: incoming, orToSend: outgoing, milliseconds: patience)
    {
      if case .failure(let errno) = outgoing.send(chunk), errno != .again { break }
      if case .success(let count) = incoming.receive(into: &buffer) {
        if received == 0 { start = clock.now }
        received += count
      }
    }
    return (received, clock.now - start)
  }
}

/// Bytes that repeat after a prime number of them, so that a lost or moved piece shows.
private enum StreamPattern {
  static let period = 65_521
  static let chunk = 64 * 1024
  static let bytes: [UInt8] = {
    let once = TrafficMarker.payload(period)
    return Array((once + once + once).prefix(period + chunk))
  }()
}
