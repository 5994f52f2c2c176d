internal import Glibc
internal import XFRMKit

/// Datagrams at a steady rate, to some ports in turn, on a thread of its own until it is stopped or
/// dropped.
///
/// Nobody needs to receive them, and one that is refused is not sent again.
public struct Flood: ~Copyable {
  private let source: Background<Int>

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
    let (destination, payload) = (flow.destination, TrafficMarker.payload(payloadBytes))
    source = try Background("start to send", 0) { isStopping in
      Self.send(perSecond: rate, isStopping) { number in
        _ = socket.send(payload.span, to: destination, port: ports[number % ports.count])
      }
    }
  }

  /// Stops, and tells how many datagrams were sent or refused.
  public consuming func stop() -> Int { source.stop() }

  private static func send(
    perSecond rate: Int, _ isStopping: @Sendable () -> Bool, _ sendOne: (_ number: Int) -> Void
  ) -> Int {
    let clock = ContinuousClock()
    var start = clock.now
    var (before, sent) = (0, 0)
    while !isStopping() {
      let passed = clock.now - start
      let due =
        Int(passed.components.seconds) * rate
        + Int(passed.components.attoseconds / 1_000_000_000) * rate / 1_000_000_000
      // What could not be sent in time is not made good, or there would be nothing else.
      if due - sent > rate / 20 {
        start = clock.now
        before += sent
        sent = 0
        continue
      }
      for _ in 0..<min(64, due - sent) {
        sendOne(sent)
        sent += 1
      }
      if due - sent <= 0 { usleep(200) }
    }
    return before + sent
  }
}
