internal import CNetlink
internal import Glibc
internal import Synchronization
internal import XFRMKit

/// How many packets of each kind were seen on a wire.
public struct WireCounts: Hashable, Sendable {
  public private(set) var byKind: [PacketKind: Int] = [:]
  /// Packets, of whatever kind, in which the lab's traffic could be read.
  public var readable = 0
  /// Packets that the capture itself missed: with any, a count of 0 proves nothing.
  public var missed = 0

  public init() {}

  public subscript(kind: PacketKind) -> Int { byKind[kind, default: 0] }

  mutating func add(_ packet: CapturedPacket) {
    byKind[packet.kind, default: 0] += 1
    if packet.isReadable { readable += 1 }
  }

  public static func + (left: WireCounts, right: WireCounts) -> WireCounts {
    var sum = left
    sum.byKind.merge(right.byKind, uniquingKeysWith: +)
    sum.readable += right.readable
    sum.missed += right.missed
    return sum
  }
}

/// Watches every packet that an interface sends, on a thread of its own, until it is stopped or
/// dropped. Watch both ends of a cable to see all that is on it.
///
/// What an interface receives is left out for a reason: the kernel shows a packet to those who
/// watch again once it has been decrypted, as if it had come in clear.
public struct PacketCapture: ~Copyable {
  private let watch: Watch
  private let thread: Thread

  /// Starts to watch.
  ///
  /// - Parameter udpPorts: Ports on which ESP-in-UDP is expected.
  public init(
    on node: Node, interface: String, udpPorts: Set<UInt16> = [4500]
  ) throws(LabError) {
    let index = try attempt("find \(interface)") { () throws(NetlinkError) in
      var route = try RouteConnection(in: node.namespace)
      return try route.interfaceIndex(interface)
    }
    let socket = try node.run { () throws(LabError) in try PacketSocket(interfaceIndex: index) }
    let watch = Watch(socket)
    let thread = try attempt("start the capture") { () throws(NetlinkError) in
      try Thread { watch.run(udpPorts) }
    }
    self.watch = watch
    self.thread = thread
  }

  deinit { watch.stop() }

  /// Stops once every packet sent so far has been counted.
  public consuming func stop() -> WireCounts {
    let watch = watch
    _ = consume self  // The thread goes with it, once it has ended.
    return watch.result
  }
}

/// What the capturing thread and its owner share.
private final class Watch: Sendable {
  private let socket: PacketSocket
  private let isStopping = Atomic(false)
  private let counts = Mutex(WireCounts())

  /// More than the receive buffer holds.
  private static let drainLimit = 200_000

  init(_ socket: consuming PacketSocket) { self.socket = socket }

  var result: WireCounts { counts.withLock { $0 } }

  func stop() { isStopping.store(true, ordering: .releasing) }

  func run(_ udpPorts: Set<UInt16>) {
    var seen = WireCounts()
    var isLast = false
    while !isLast {
      // What was sent before the call to stop is queued by now, so one more look is enough.
      isLast = isStopping.load(ordering: .acquiring)
      // Bounded, or a busy interface would keep it from ever stopping.
      for _ in 0..<Self.drainLimit {
        guard let packet = socket.next(udpPorts) else { break }
        seen.add(packet)
      }
      if !isLast { _ = socket.wait(milliseconds: 20) }
    }
    if socket.next(udpPorts) != nil { seen.missed += 1 }
    seen.missed += socket.missed
    counts.withLock { $0 = seen }
  }
}

/// What a capture keeps of a packet.
struct CapturedPacket {
  var kind: PacketKind
  var isReadable: Bool
  var wasSent: Bool
}

/// An AF_PACKET socket that delivers packets without their link header.
private struct PacketSocket: ~Copyable, Sendable {
  private let descriptor: Int32

  /// `ETH_P_ALL`
  private static let everyProtocol: UInt16 = 3

  init(interfaceIndex: Int32) throws(LabError) {
    // Bound to nothing at first, so that nothing from other interfaces gets in.
    descriptor = socket(
      AF_PACKET,
      Int32(CNL_SOCK_DGRAM | CNL_SOCK_CLOEXEC | CNL_SOCK_NONBLOCK), 0)
    guard descriptor >= 0 else { throw .system("open a packet socket", .current) }
    var bytes: Int32 = 64 << 20
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = Self.everyProtocol.bigEndian
    address.sll_ifindex = interfaceIndex
    // Sound: option and address outlive the calls and come with their own sizes.
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, socklen_t(MemoryLayout<Int32>.size))
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
      }
    }
    guard result == 0 else { throw .system("watch an interface", .current) }
  }

  deinit { close(descriptor) }

  /// Judges the next packet that was sent, if there is one.
  borrowing func next(_ udpPorts: Set<UInt16>) -> CapturedPacket? {
    while let packet = receive(udpPorts) {
      if packet.wasSent { return packet }
    }
    return nil
  }

  private borrowing func receive(_ udpPorts: Set<UInt16>) -> CapturedPacket? {
    var address = sockaddr_ll()
    var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
    var start = [UInt8](repeating: 0, count: 2048)
    // Sound: buffer and address outlive the call and come with their own sizes.
    let received = unsafe start.withUnsafeMutableBytes { buffer in
      unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, $0, &length)
        }
      }
    }
    guard received >= 0 else { return nil }
    let packet = start.span.extracting(first: received)
    return CapturedPacket(
      kind: PacketKind(
        etherType: UInt16(bigEndian: address.sll_protocol), packet, udpPorts: udpPorts),
      isReadable: TrafficMarker.isReadable(in: packet),
      wasSent: address.sll_pkttype == UInt8(PACKET_OUTGOING))
  }

  borrowing func wait(milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) == 1
  }

  /// Packets that found the buffer full, since this was last asked.
  var missed: Int {
    var statistics = tpacket_stats()
    var length = socklen_t(MemoryLayout<tpacket_stats>.size)
    // Sound: the struct outlives the call and comes with its own size.
    let result = unsafe getsockopt(
      descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &length)
    // What cannot be told is not taken for none.
    return result == 0 ? Int(statistics.tp_drops) : 1
  }
}
