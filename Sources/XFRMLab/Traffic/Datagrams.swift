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
  ///   - payloadBytes: At least 20, for a number and what a capture looks for.
  ///   - fragmentation: What may become of those that are too long for the path.
  ///   - patience: How long to wait for the next one, in milliseconds, once all were sent.
  public func sendDatagrams(
    _ count: Int, payloadBytes: Int = 512, fragmentation: Fragmentation = .usual,
    port: UInt16 = 7001, patience: Int32 = 500
  ) throws(LabError) -> DatagramResult {
    let (source, destination) = (source, destination)
    let incoming = try receiver.run { () throws(LabError) in
      let socket = try Socket(destination.family, .datagram)
      try socket.bind(destination, port: port)
      return socket
    }
    let outgoing = try sender.run { () throws(LabError) in
      let socket = try Socket(destination.family, .datagram)
      try socket.setFragmentation(fragmentation, destination.family)
      try socket.bind(source)
      try socket.connect(destination, port: port)
      return socket
    }

    var result = DatagramResult()
    var arrived = Set<UInt32>()
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    func receive() -> Bool {
      guard case .success(let length) = incoming.receive(into: &buffer) else { return false }
      guard let number = DatagramPayload.number(buffer[..<length], bytes: payloadBytes),
        number < UInt32(count), arrived.insert(number).inserted
      else {
        result.wrong += 1
        return true
      }
      return true
    }

    for number in 0..<UInt32(count) {
      let payload = DatagramPayload.make(number, bytes: payloadBytes)
      switch outgoing.send(payload.span) {
      case .success: result.sent += 1
      case .failure(let errno):
        result.sent += 1
        result.refusals[errno, default: 0] += 1
      }
      while receive() {}
    }
    while arrived.count < result.sent, incoming.waitToReceive(milliseconds: patience) {
      while receive() {}
    }
    result.delivered = arrived.count
    return result
  }
}

/// A number and the traffic's marker.
private enum DatagramPayload {
  static func make(_ number: UInt32, bytes: Int) -> [UInt8] {
    let digits = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    return digits + TrafficMarker.payload(max(bytes, minimumBytes) - digits.count)
  }

  /// The number, if every byte is as it was made.
  static func number(_ payload: ArraySlice<UInt8>, bytes: Int) -> UInt32? {
    guard payload.count >= 4 else { return nil }
    let number = payload.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Array(payload) == make(number, bytes: bytes) ? number : nil
  }

  private static let minimumBytes = 4 + TrafficMarker.bytes.count
}
