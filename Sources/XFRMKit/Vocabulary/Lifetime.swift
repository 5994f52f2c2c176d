/// When an SA or policy expires: `struct xfrm_lifetime_cfg`.
///
/// The soft limits announce that it is time to renew, the hard ones end it. Policies honour the
/// limits in seconds only.
public struct Lifetime: Hashable, Sendable {
  /// Limits of one kind.
  public struct Limits: Hashable, Sendable {
    /// Beyond this many bytes; ``Lifetime/unlimited`` for no limit. 0 is the first packet.
    public var bytes = Lifetime.unlimited
    /// Beyond this many packets; ``Lifetime/unlimited`` for no limit. 0 is the first packet.
    public var packets = Lifetime.unlimited
    /// This many seconds after it was added; 0 for no limit.
    public var secondsFromAdd: UInt64 = 0
    /// This many seconds after it was first used; 0 for no limit.
    public var secondsFromUse: UInt64 = 0

    /// No limits.
    public init() {}
  }

  /// `XFRM_INF`, for bytes and packets.
  public static let unlimited = UInt64.max

  /// When to renew it: announced, and nothing else.
  public var soft = Limits()
  /// When it goes.
  public var hard = Limits()

  /// For ever.
  public init() {}
}

extension Lifetime: WireStruct {
  public static var size: Int { 64 }

  @inline(__always) public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("soft_byte_limit", &soft.bytes)
    try wire.field("hard_byte_limit", &hard.bytes)
    try wire.field("soft_packet_limit", &soft.packets)
    try wire.field("hard_packet_limit", &hard.packets)
    try wire.field("soft_add_expires_seconds", &soft.secondsFromAdd)
    try wire.field("hard_add_expires_seconds", &hard.secondsFromAdd)
    try wire.field("soft_use_expires_seconds", &soft.secondsFromUse)
    try wire.field("hard_use_expires_seconds", &hard.secondsFromUse)
  }
}
