internal import Glibc
internal import Synchronization
internal import XFRMKit

/// Datagrams of one length over one flow or several at once, as many as go or at a rate, until it is
/// stopped or dropped.
///
/// Each flow has a port of its own and a thread that sends and receives. Datagrams are counted and
/// not compared, which would be part of what is measured.
public struct DatagramLoad: ~Copyable {
  /// What became of datagrams so far.
  public struct Counts: Hashable, Sendable {
    /// Taken by the sender's kernel.
    public var sent = 0
    /// Not taken.
    public var refused = 0
    /// Arrived in their full length.
    public var delivered = 0

    /// None.
    public init() {}

    /// What has come since.
    ///
    /// - Parameter earlier: Counts of the same load.
    public func since(_ earlier: Counts) -> Counts {
      var difference = self
      difference.sent -= earlier.sent
      difference.refused -= earlier.refused
      difference.delivered -= earlier.delivered
      return difference
    }
  }

  private let tally: Tally
  private let workers: [Worker]

  /// Starts to send.
  ///
  /// - Parameters:
  ///   - flow: From where to where.
  ///   - ports: Where they are received: one flow for each.
  ///   - payloadBytes: The length of each, headers left out.
  ///   - rate: How many a second, of all flows together; `nil` for as many as go.
  ///   - patience: How long the last ones may be under way, in milliseconds, once it is stopped.
  public init(
    _ flow: Flow, ports: ClosedRange<UInt16>, payloadBytes: Int, perSecond rate: Int? = nil,
    patience: Int32 = 200
  ) throws(LabError) {
    let tally = Tally()
    self.tally = tally
    let share = rate.map { max(1, $0 / ports.count) }
    var workers: [Worker] = []
    for port in ports {
      let sockets = try flow.openDatagrams(port: port, room: 4 << 20)
      workers.append(
        try Worker { isStopping in
          Self.exchange(sockets, payloadBytes, share, isStopping, tally)
          Self.receiveRest(from: sockets.incoming, payloadBytes, patience, tally)
        })
    }
    self.workers = workers
  }

  /// How many there were so far.
  public var counts: Counts { tally.counts }

  /// Stops, waits for the last ones and tells what became of all.
  public consuming func stop() -> Counts {
    let tally = tally
    for worker in workers { worker.stop() }
    _ = consume self  // The threads go with it, once they have ended.
    return tally.counts
  }

  /// So few at once that what arrives finds room.
  private static let burst = 16

  private static func exchange(
    _ sockets: borrowing DatagramSockets, _ payloadBytes: Int, _ rate: Int?,
    _ isStopping: @Sendable () -> Bool, _ tally: Tally
  ) {
    let payload = TrafficMarker.payload(payloadBytes)
    var buffer = [UInt8](repeating: 0, count: payloadBytes + 1)
    let clock = ContinuousClock()
    let start = clock.now
    var offered = 0
    while !isStopping() {
      var due = burst
      if let rate {
        due = Int((clock.now - start) / .seconds(1) * Double(rate)) - offered
        // What could not be sent in time is not made good, or there would be nothing else.
        if due > max(burst, rate / 20) {
          offered += due - burst
          due = burst
        }
      }
      var counts = Counts()
      for _ in 0..<min(burst, max(0, due)) {
        if case .success = sockets.outgoing.send(payload.span) {
          counts.sent += 1
        } else {
          counts.refused += 1
        }
      }
      offered += counts.sent + counts.refused
      counts.delivered = receive(from: sockets.incoming, payloadBytes, into: &buffer)
      tally.add(counts)
      if due <= 0 { usleep(200) }
    }
  }

  private static func receiveRest(
    from socket: borrowing Socket, _ payloadBytes: Int, _ patience: Int32, _ tally: Tally
  ) {
    var buffer = [UInt8](repeating: 0, count: payloadBytes + 1)
    var counts = Counts()
    // A daemon may have queued more than anybody wants to wait for.
    let clock = ContinuousClock()
    let start = clock.now
    while clock.now - start < .milliseconds(patience), socket.waitToReceive(milliseconds: patience)
    {
      counts.delivered += receive(from: socket, payloadBytes, into: &buffer)
    }
    tally.add(counts)
  }

  /// Takes all that is there, and tells how many were whole.
  private static func receive(
    from socket: borrowing Socket, _ payloadBytes: Int, into buffer: inout [UInt8]
  ) -> Int {
    var whole = 0
    while case .success(let length) = socket.receive(into: &buffer) {
      if length == payloadBytes { whole += 1 }
    }
    return whole
  }
}

/// What all threads of a load have counted.
private final class Tally: Sendable {
  private let sent = Atomic(0)
  private let refused = Atomic(0)
  private let delivered = Atomic(0)

  func add(_ counts: DatagramLoad.Counts) {
    sent.add(counts.sent, ordering: .relaxed)
    refused.add(counts.refused, ordering: .relaxed)
    delivered.add(counts.delivered, ordering: .relaxed)
  }

  var counts: DatagramLoad.Counts {
    var counts = DatagramLoad.Counts()
    // In this order none has arrived that was not sent.
    counts.delivered = delivered.load(ordering: .relaxed)
    counts.sent = sent.load(ordering: .relaxed)
    counts.refused = refused.load(ordering: .relaxed)
    return counts
  }
}

/// A thread of a load; several can be told to stop before the first is waited for.
private final class Worker {
  private let isStopping = Flag()
  private let thread: Background<Void>

  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  init(_ work: @escaping @Sendable (_ isStopping: @Sendable () -> Bool) -> Void) throws(LabError) {
    let flag = isStopping
    thread = try Background("start to send", ()) { isDropped in
      work { flag.isSet.load(ordering: .relaxed) || isDropped() }
    }
  }

  func stop() { isStopping.isSet.store(true, ordering: .relaxed) }
}
