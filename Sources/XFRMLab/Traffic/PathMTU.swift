internal import XFRMKit

/// What became of datagrams that are as long as a path takes, and a byte longer.
public struct PathMTUResult: Hashable, Sendable {
  /// The longest packet for the path, its IP header included, as the sender was told by whoever
  /// could not pass on a longer one; `nil` if it was told nothing.
  public var learned: Int?
  /// Of exactly that length, not to be fragmented.
  public var exact = DatagramResult()
  /// A byte longer and not to be fragmented, which the sender's kernel must refuse.
  public var tooLong = DatagramResult()
  /// A byte longer, which may be fragmented.
  public var fragmented = DatagramResult()

  public init() {}
}

extension Flow {
  /// Has the sender told how long packets may be, and tries that length.
  ///
  /// - Parameters:
  ///   - count: How many datagrams of each kind to send.
  ///   - patience: How long to wait for what should come, in milliseconds.
  public func tryPathMTU(
    _ count: Int = 4, patience: Int32 = 300
  ) throws(LabError) -> PathMTUResult {
    var result = PathMTUResult()
    result.learned = try learnPathMTU(patience: patience)
    guard let learned = result.learned else { return result }
    let payload = learned - headerBytes
    result.exact = try sendDatagrams(
      count, payloadBytes: payload, fragmentation: .forbidden, patience: patience)
    result.tooLong = try sendDatagrams(
      count, payloadBytes: payload + 1, fragmentation: .forbidden, patience: 0)
    result.fragmented = try sendDatagrams(
      count, payloadBytes: payload + 1, fragmentation: .allowed, patience: patience)
    return result
  }

  /// How long an answer takes at most, in milliseconds, if it is not lost.
  private static let answerTime: Int32 = 20

  /// Of IP and UDP.
  private var headerBytes: Int { family == .ipv6 ? 48 : 28 }

  /// Sends what is too long for a tunnel until somebody says so.
  private func learnPathMTU(patience: Int32) throws(LabError) -> Int? {
    let (source, destination) = (source, destination)
    let socket = try sender.run { () throws(LabError) in
      let socket = try Socket(destination.family, .datagram)
      try socket.setFragmentation(.forbidden, destination.family)
      try socket.bind(source)
      try socket.connect(destination, port: 9)  // discard
      return socket
    }
    let payload = TrafficMarker.payload(SiteToSite.mtu - headerBytes)
    // Counted and not timed: on a busy machine the time may be over before anybody had a turn.
    for _ in 0...max(1, patience / Self.answerTime) {
      if let known = socket.pathMTU(family), known < SiteToSite.mtu { return known }
      _ = socket.send(payload.span)  // What it fails with is what is asked for next.
      // An answer shows as an error that is there to be received.
      _ = socket.waitToReceive(milliseconds: Self.answerTime)
    }
    return socket.pathMTU(family).flatMap { $0 < SiteToSite.mtu ? $0 : nil }
  }
}
