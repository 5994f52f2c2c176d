internal import Glibc
internal import XFRMKit

/// Datagrams that flow in the background, so many a second, until they are stopped.
///
/// Whatever else is done meanwhile shows in how many of them arrive.
public struct SteadyTraffic: ~Copyable {
  private let pump: Background<DatagramResult>

  /// Starts it.
  ///
  /// - Parameters:
  ///   - flow: From where to where.
  ///   - rate: Datagrams a second; what cannot be sent in time is sent later.
  ///   - payloadBytes: Their length.
  ///   - port: Where they are received.
  ///   - patience: How long the last ones may be under way, in milliseconds.
  public init(
    _ flow: Flow, perSecond rate: Int, payloadBytes: Int = 64, port: UInt16 = 7002,
    patience: Int32 = 500
  ) throws(LabError) {
    let sockets = try flow.openDatagrams(port: port, room: 4 << 20)
    pump = try Background("start traffic", DatagramResult()) { isStopping in
      Self.send(through: sockets, perSecond: rate, payloadBytes, patience, isStopping)
    }
  }

  /// Ends it, waits for the last ones and tells what became of all.
  public consuming func stop() -> DatagramResult { pump.stop() }

  private static func send(
    through sockets: borrowing DatagramSockets, perSecond rate: Int, _ payloadBytes: Int,
    _ patience: Int32, _ isStopping: @Sendable () -> Bool
  ) -> DatagramResult {
    var tally = DatagramTally(payloadBytes: payloadBytes)
    let clock = ContinuousClock()
    let start = clock.now
    while !isStopping() {
      let due = Int((clock.now - start) / .seconds(1) * Double(rate))
      // In small runs, so that what arrives meanwhile finds room.
      for _ in 0..<min(16, max(0, due - tally.result.sent)) {
        tally.send(through: sockets.outgoing)
      }
      tally.receive(from: sockets.incoming)
      if tally.result.sent >= due { usleep(1_000) }
    }
    tally.receiveRest(from: sockets.incoming, patience: patience)
    return tally.result
  }
}
