internal import Glibc
internal import Netlink
internal import Synchronization
internal import XFRMKit

/// Datagrams that flow in the background, so many a second, until they are stopped.
///
/// Whatever else is done meanwhile shows in how many of them arrive.
public struct SteadyTraffic: ~Copyable {
  private let pump: Pump
  private let thread: Thread

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
    let pump = Pump(try flow.openDatagrams(port: port, room: 4 << 20))
    thread = try attempt("start traffic") { () throws(NetlinkError) in
      try Thread { pump.run(perSecond: rate, payloadBytes, patience) }
    }
    self.pump = pump
  }

  deinit { pump.stop() }

  /// Ends it, waits for the last ones and tells what became of all.
  public consuming func stop() -> DatagramResult {
    let pump = pump
    _ = consume self  // The thread goes with it, once it has ended.
    return pump.result
  }
}

/// Sends and receives on a thread of its own.
private final class Pump: Sendable {
  private let sockets: DatagramSockets
  private let isStopping = Atomic(false)
  private let outcome = Mutex(DatagramResult())

  init(_ sockets: consuming DatagramSockets) { self.sockets = sockets }

  var result: DatagramResult { outcome.withLock { $0 } }

  func stop() { isStopping.store(true, ordering: .releasing) }

  func run(perSecond rate: Int, _ payloadBytes: Int, _ patience: Int32) {
    var tally = DatagramTally(payloadBytes: payloadBytes)
    let clock = ContinuousClock()
    let start = clock.now
    while !isStopping.load(ordering: .acquiring) {
      let due = Int((clock.now - start) / .seconds(1) * Double(rate))
      // In small runs, so that what arrives meanwhile finds room.
      for _ in 0..<min(16, max(0, due - tally.result.sent)) {
        tally.send(through: sockets.outgoing)
      }
      tally.receive(from: sockets.incoming)
      if tally.result.sent >= due { usleep(1_000) }
    }
    tally.receiveRest(from: sockets.incoming, patience: patience)
    outcome.withLock { $0 = tally.result }
  }
}
