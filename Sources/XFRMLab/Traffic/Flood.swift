internal import Glibc
internal import Synchronization
internal import XFRMKit

/// Datagrams at a steady rate, to some ports in turn, on a thread of its own until it is stopped or
/// dropped.
///
/// Nobody needs to receive them, and one that is refused is not sent again.
public struct Flood: ~Copyable {
  private let source: FloodSource
  private let thread: Thread

  /// Starts to send.
  ///
  /// - Parameters:
  ///   - flow: Who sends to whom.
  ///   - ports: The ports that are sent to, in this order.
  ///   - rate: How many datagrams a second.
  ///   - payloadBytes: The length of each.
  public init(
    _ flow: Flow, ports: [UInt16], perSecond rate: Int, payloadBytes: Int = 64
  ) throws(LabError) {
    let socket = try flow.sender.run { () throws(LabError) in
      let socket = try Socket(flow.family, .datagram)
      try socket.bind(flow.source)
      return socket
    }
    let source = FloodSource(
      socket, flow.destination, ports, rate, TrafficMarker.payload(payloadBytes))
    thread = try attempt("start to send") { () throws(NetlinkError) in try Thread(source.run) }
    self.source = source
  }

  deinit { source.stop() }

  /// Stops, and tells how many datagrams were sent or refused.
  public consuming func stop() -> Int {
    let source = source
    _ = consume self  // The thread goes with it, once it has ended.
    return source.sent
  }
}

/// What the sending thread and its owner share.
private final class FloodSource: Sendable {
  private let socket: Socket
  private let destination: IPAddress
  private let ports: [UInt16]
  private let rate: Int
  private let payload: [UInt8]
  private let isStopping = Atomic(false)
  private let count = Atomic(0)

  init(
    _ socket: consuming Socket, _ destination: IPAddress, _ ports: [UInt16], _ rate: Int,
    _ payload: [UInt8]
  ) {
    self.socket = socket
    self.destination = destination
    self.ports = ports
    self.rate = rate
    self.payload = payload
  }

  var sent: Int { count.load(ordering: .acquiring) }

  func stop() { isStopping.store(true, ordering: .releasing) }

  func run() {
    let payload = payload
    let clock = ContinuousClock()
    var start = clock.now
    var (sent, due) = (0, 0)
    while !isStopping.load(ordering: .acquiring) {
      let passed = clock.now - start
      due =
        Int(passed.components.seconds) * rate
        + Int(passed.components.attoseconds / 1_000_000_000) * rate / 1_000_000_000
      // What could not be sent in time is not made good, or there would be nothing else.
      if due - sent > rate / 20 {
        start = clock.now
        count.add(sent, ordering: .releasing)
        sent = 0
        continue
      }
      for _ in 0..<min(64, due - sent) {
        _ = socket.send(payload.span, to: destination, port: ports[sent % ports.count])
        sent += 1
      }
      if due - sent <= 0 { usleep(200) }
    }
    count.add(sent, ordering: .releasing)
  }
}
