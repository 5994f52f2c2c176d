/// How IP traffic flow security (RFC 9347) aggregates, fragments and reorders; since Linux 6.14.
///
/// Each is left to the kernel if `nil`. Without `CONFIG_XFRM_IPTFS` the kernel accepts an SA of
/// ``Mode/iptfs`` all the same, ignores these, and carries no traffic.
public struct IPTFSOptions: Hashable, Sendable {
  // Incoming SAs only:

  /// How long to wait for a packet that is missing, in microseconds.
  public var dropTimeMicroseconds: UInt32?
  /// How many packets to hold back while one is missing.
  public var reorderWindow: UInt16?

  // Outgoing SAs only:

  /// Never spread one inner packet over several outer ones.
  public var dontFragment = false
  /// How long to wait for more inner packets before sending, in microseconds.
  public var initialDelayMicroseconds: UInt32?
  /// The most that may wait to be sent, in bytes.
  public var queueBytes: UInt32?
  /// The outer packets' size in bytes; 0 follows the path MTU.
  public var packetBytes: UInt32?

  /// Leaves all of them to the kernel.
  public init() {}
}

extension IPTFSOptions {
  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool {
    var payload = attribute.reader
    switch attribute.type {
    case .iptfsDropTime: dropTimeMicroseconds = try payload.read()
    case .iptfsReorderWindow: reorderWindow = try payload.read()
    case .iptfsDontFragment: dontFragment = true
    case .iptfsInitialDelay: initialDelayMicroseconds = try payload.read()
    case .iptfsQueueSize: queueBytes = try payload.read()
    case .iptfsPacketSize: packetBytes = try payload.read()
    default: return false
    }
    return true
  }

  func append(_ type: AttributeType, to message: inout MessageBuilder) {
    switch type {
    case .iptfsDropTime: message.append(type, ifPresent: dropTimeMicroseconds)
    case .iptfsReorderWindow: message.append(type, ifPresent: reorderWindow)
    case .iptfsDontFragment: if dontFragment { message.append(type) { _ in } }
    case .iptfsInitialDelay: message.append(type, ifPresent: initialDelayMicroseconds)
    case .iptfsQueueSize: message.append(type, ifPresent: queueBytes)
    case .iptfsPacketSize: message.append(type, ifPresent: packetBytes)
    default: break
    }
  }
}

extension MessageBuilder {
  /// Appends an attribute that is a host-endian integer, if there is one.
  mutating func append<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: AttributeType, ifPresent value: T?
  ) {
    if let value { append(type, value) }
  }

  /// Appends an attribute that is a struct and nothing more, if there is one.
  mutating func append<S: WireStruct>(_ type: AttributeType, ifPresent value: S?) {
    if let value { append(type, value) }
  }
}
