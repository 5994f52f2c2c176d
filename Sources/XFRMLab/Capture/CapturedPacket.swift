/// A packet as it went over a wire.
public struct CapturedPacket: Hashable, Sendable {
  /// What it is to somebody who has no keys.
  public let kind: PacketKind
  /// Whether the lab's traffic could be read in what was kept of it.
  public let isReadable: Bool
  /// All of it, in bytes from the IP header on, be it that less was kept.
  public let length: Int
  /// What was kept: the link layer's header, if that was asked for, and the packet behind it.
  public var frame: [UInt8]
  /// How much of ``frame`` the link layer's header is.
  public let linkBytes: Int
  /// When it was sent: whole seconds since 1970.
  public let seconds: UInt32
  /// When it was sent: what goes beyond the second.
  public let nanoseconds: UInt32

  /// Judges a packet.
  ///
  /// - Parameters:
  ///   - frame: What was kept of it.
  ///   - linkBytes: How much of that the link layer's header is.
  ///   - length: How long it was on the wire, the link layer's header included.
  ///   - etherType: What the link layer says it carries.
  ///   - seconds: When it was sent.
  ///   - nanoseconds: When within the second.
  ///   - udpPorts: Ports on which ESP-in-UDP is expected.
  package init(
    frame: [UInt8], linkBytes: Int, length: Int, etherType: UInt16, seconds: UInt32 = 0,
    nanoseconds: UInt32 = 0, udpPorts: Set<UInt16> = [4500]
  ) {
    let packet = frame.span.extracting(droppingFirst: min(linkBytes, frame.count))
    kind = PacketKind(etherType: etherType, packet, udpPorts: udpPorts)
    isReadable = TrafficMarker.isReadable(in: packet)
    self.length = length - linkBytes
    self.frame = frame
    self.linkBytes = linkBytes
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// What was kept of it, from the IP header on.
  public var packet: ArraySlice<UInt8> { frame.dropFirst(linkBytes) }
}
