internal import Glibc
internal import XFRMKit

extension Flow {
  /// Sends bytes through a TCP connection and returns how many arrived in order and unchanged.
  ///
  /// - Parameter patience: How long to go on without progress, in milliseconds.
  public func stream(
    bytes total: Int, port: UInt16 = 7002, patience: Int32 = 2_000
  ) throws(LabError) -> Int {
    let (source, destination) = (source, destination)
    let listener = try receiver.run { () throws(LabError) in
      let socket = try Socket(destination.family, .stream)
      try socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
      try socket.bind(destination, port: port)
      try socket.listen()
      return socket
    }
    let outgoing = try sender.run { () throws(LabError) in
      let socket = try Socket(destination.family, .stream)
      try socket.bind(source)
      try socket.connect(destination, port: port)
      return socket
    }
    guard listener.waitToReceive(milliseconds: patience), let incoming = listener.accept() else {
      return 0
    }

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
