internal import Glibc
public import XFRMKit

/// What became of numbered UDP datagrams.
public struct DatagramResult: Hashable, Sendable {
  public var sent = 0
  /// Arrived whole, each number counted once.
  public var delivered = 0
  /// Arrived again, or with other bytes than were sent.
  public var wrong = 0
  /// What the sender's system call said, by how often.
  public var refusals: [SystemErrno: Int] = [:]

  public init() {}

  public static func += (left: inout DatagramResult, right: DatagramResult) {
    left.sent += right.sent
    left.delivered += right.delivered
    left.wrong += right.wrong
    left.refusals.merge(right.refusals, uniquingKeysWith: +)
  }
}

extension Flow {
  /// Sends numbered datagrams and counts those that arrive.
  ///
  /// - Parameters:
  ///   - payloadBytes: At least 24, for numbers and what a capture looks for.
  ///   - fragmentation: What may become of those that are too long for the path.
  ///   - tags: What their headers, and the sender's kernel, have to say of them.
  ///   - patience: How long to wait for the next one, in milliseconds, once all were sent.
  ///   - series: A number that all of them bear, so that those of an earlier call that come late count
  ///     for nothing; a random one if it is missing.
  public func sendDatagrams(
    _ count: Int, payloadBytes: Int = 512, fragmentation: Fragmentation = .usual,
    tags: PacketTags = PacketTags(), port: UInt16 = 7001, patience: Int32 = 500,
    series: UInt32 = .random(in: .min ... .max)
  ) throws(LabError) -> DatagramResult {
    let sockets = try openDatagrams(fragmentation, tags, port: port)
    var tally = DatagramTally(payloadBytes: payloadBytes, series: series)
    for _ in 0..<count {
      tally.send(through: sockets.outgoing)
      tally.receive(from: sockets.incoming)
    }
    tally.receiveRest(from: sockets.incoming, patience: patience)
    return tally.result
  }

  /// Opens a socket at either end.
  ///
  /// - Parameters:
  ///   - fragmentation: What may become of datagrams that are too long for the path.
  ///   - tags: What is said of them.
  ///   - port: The receiver's.
  ///   - room: How many bytes may wait at either end, to be received or to leave; `nil` for what is
  ///     usual.
  func openDatagrams(
    _ fragmentation: Fragmentation = .usual, _ tags: PacketTags = PacketTags(), port: UInt16,
    room: Int32? = nil
  ) throws(LabError) -> DatagramSockets {
    let (source, destination) = (source, destination)
    let incoming = try receiver.run { () throws(LabError) in
      let socket = try Socket(destination.family, .datagram)
      if let room { try socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, room) }
      try socket.bind(destination, port: port)
      return socket
    }
    let outgoing = try sender.run { () throws(LabError) in
      let socket = try Socket(destination.family, .datagram)
      if let room { try socket.setOption(SOL_SOCKET, SO_SNDBUFFORCE, room) }
      try socket.setFragmentation(fragmentation, destination.family)
      try socket.setTags(tags, destination.family)
      try socket.bind(source)
      try socket.connect(destination, port: port)
      return socket
    }
    return DatagramSockets(incoming: incoming, outgoing: outgoing)
  }
}

/// The sockets of both ends.
struct DatagramSockets: ~Copyable, Sendable {
  let incoming: Socket
  let outgoing: Socket
}

/// Numbers datagrams and counts those that arrive.
struct DatagramTally {
  private var payload: DatagramPayload
  private var arrived = Set<UInt32>()
  private var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  private(set) var result = DatagramResult()

  /// A new series, unless told which.
  init(payloadBytes: Int, series: UInt32 = .random(in: .min ... .max)) {
    payload = DatagramPayload(bytes: payloadBytes, series: series)
  }

  mutating func send(through socket: borrowing Socket) {
    payload.setNumber(UInt32(result.sent))
    if case .failure(let errno) = socket.send(payload.bytes.span) {
      result.refusals[errno, default: 0] += 1
    }
    result.sent += 1
  }

  /// Takes all that is there.
  mutating func receive(from socket: borrowing Socket) {
    while case .success(let length) = socket.receive(into: &buffer) { count(buffer[..<length]) }
  }

  /// Counts what has arrived.
  mutating func count(_ datagram: ArraySlice<UInt8>) {
    // One that was under way for long, of those that were sent here before.
    if payload.isAnothers(datagram) { return }
    let number = payload.number(of: datagram)
    if let number, number < result.sent, arrived.insert(number).inserted {
      result.delivered += 1
    } else {
      result.wrong += 1
    }
  }

  /// Takes what is still under way.
  ///
  /// - Parameter patience: How long to wait for the next one, in milliseconds.
  mutating func receiveRest(from socket: borrowing Socket, patience: Int32) {
    receive(from: socket)
    while result.delivered < result.sent, socket.waitToReceive(milliseconds: patience) {
      receive(from: socket)
    }
  }
}

/// A number within a series, that series, and the traffic's marker. It is made once, as thousands a
/// second are sent.
package struct DatagramPayload {
  package private(set) var bytes: [UInt8]
  /// Where the marker begins.
  private static let headBytes = 8

  /// The first of a series, or another.
  ///
  /// - Parameters:
  ///   - count: How long it is.
  ///   - number: Which it is.
  ///   - series: What tells it from those of others.
  package init(bytes count: Int, number: UInt32 = 0, series: UInt32) {
    bytes =
      [UInt8](repeating: 0, count: Self.headBytes)
      + TrafficMarker.payload(max(count - Self.headBytes, TrafficMarker.bytes.count))
    set(number, at: 0)
    set(series, at: 4)
  }

  fileprivate mutating func setNumber(_ number: UInt32) { set(number, at: 0) }

  private mutating func set(_ value: UInt32, at start: Int) {
    for place in 0..<4 {
      bytes[start + place] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(place)))
    }
  }

  /// The number, if every other byte is as it was made.
  fileprivate func number(of payload: ArraySlice<UInt8>) -> UInt32? {
    guard payload.count == bytes.count, payload.dropFirst(4) == bytes.dropFirst(4) else {
      return nil
    }
    return payload.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Whether a datagram is whole, and of another series.
  fileprivate func isAnothers(_ payload: ArraySlice<UInt8>) -> Bool {
    let rest = payload.dropFirst(Self.headBytes)
    return payload.count >= Self.headBytes + TrafficMarker.bytes.count
      && payload.dropFirst(4).prefix(4) != bytes[4..<8]
      && Array(rest) == TrafficMarker.payload(rest.count)
  }
}
