internal import Synchronization
internal import XFRMKit

/// How many packets of each kind were seen on a wire.
public struct WireCounts: Hashable, Sendable {
  public private(set) var byKind: [PacketKind: Int] = [:]
  /// Packets, of whatever kind, in which the lab's traffic could be read.
  public var readable = 0
  /// The longest packet, in bytes from the IP header on.
  public private(set) var longest = 0
  /// Packets that the capture itself missed: with any, a count of 0 proves nothing.
  public var missed = 0
  /// ESP, in UDP or not, by the addresses in front of it.
  private(set) var protected: [PacketEnds: Int] = [:]

  public init() {}

  /// Counts that nothing was watched for.
  package init(_ byKind: [PacketKind: Int], readable: Int, longest: Int = 0) {
    self.byKind = byKind
    self.readable = readable
    self.longest = longest
  }

  public subscript(kind: PacketKind) -> Int { byKind[kind, default: 0] }

  mutating func add(_ packet: CapturedPacket) {
    byKind[packet.kind, default: 0] += 1
    if packet.isReadable { readable += 1 }
    if packet.kind == .esp || packet.kind == .espInUDP, let ends = PacketEnds(packet.packet) {
      protected[ends, default: 0] += 1
    }
    longest = max(longest, packet.length)
  }

  public static func + (left: WireCounts, right: WireCounts) -> WireCounts {
    var sum = left
    sum.byKind.merge(right.byKind, uniquingKeysWith: +)
    sum.readable += right.readable
    sum.longest = max(sum.longest, right.longest)
    sum.missed += right.missed
    sum.protected.merge(right.protected, uniquingKeysWith: +)
    return sum
  }
}

/// Watches every packet that an interface sends, on a thread of its own, until it is stopped or
/// dropped. Watch both ends of a cable to see all that is on it.
///
/// What an interface receives is left out for a reason: the kernel shows a packet to those who
/// watch again once it has been decrypted, as if it had come in clear.
public struct PacketCapture: ~Copyable {
  private let watch: Background<WireCounts>

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - udpPorts: Ports on which ESP-in-UDP is expected.
  ///   - packets: How many there is room for: as many as are sent, so that it does not matter when
  ///     the thread that looks gets its turn on a machine with one processor.
  public init(
    on node: Node, interface: String, udpPorts: Set<UInt16> = [4500], packets: Int = 32_768
  ) throws(LabError) {
    let index = try attempt("find \(interface)") { () throws(NetlinkError) in
      var route = try RouteConnection(in: node.namespace)
      return try route.interfaceIndex(interface)
    }
    let descriptor = try node.run { () throws(LabError) in try PacketSocket.open() }
    // The capturing thread's alone, for as long as that runs.
    let socket = Mutex(
      try PacketSocket(descriptor, interfaceIndex: index, packets: packets))
    watch = try Background("start the capture", WireCounts()) { isStopping in
      socket.withLock { Self.look(through: &$0, udpPorts, isStopping) }
    }
  }

  /// Stops once every packet sent so far has been counted.
  public consuming func stop() -> WireCounts { watch.stop() }

  private static func look(
    through socket: inout PacketSocket, _ udpPorts: Set<UInt16>, _ isStopping: @Sendable () -> Bool
  ) -> WireCounts {
    var seen = WireCounts()
    var position = 0
    var isLast = false
    while !isLast {
      // What was sent before the call to stop is queued by now, so one more look is enough.
      isLast = isStopping()
      // Bounded, or a busy interface would keep it from ever stopping.
      for _ in 0..<2 * socket.frames {
        guard let packet = socket.next(&position, udpPorts) else { break }
        seen.add(packet)
      }
      if !isLast { _ = socket.wait(milliseconds: 20) }
    }
    if socket.next(&position, udpPorts) != nil { seen.missed += 1 }
    seen.missed += socket.missed
    return seen
  }
}
