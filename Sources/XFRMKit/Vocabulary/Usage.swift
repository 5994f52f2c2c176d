/// How much an SA or policy has been used: `struct xfrm_lifetime_cur`.
public struct Usage: Hashable, Sendable {
  /// Bytes that were protected: whole inner packets in tunnel mode, what follows the IP header in
  /// transport mode. What ESP or AH adds is not counted.
  public var bytes: UInt64 = 0
  /// Packets that it was used for.
  public var packets: UInt64 = 0
  /// When it was added, in seconds since 1970.
  public var addedAt: UInt64 = 0
  /// When it was first used, in seconds since 1970; 0 for never.
  public var firstUsedAt: UInt64 = 0

  /// Never used.
  public init() {}
}

extension Usage: WireStruct {
  public static var size: Int { 32 }

  @inline(__always) public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("bytes", &bytes)
    try wire.field("packets", &packets)
    try wire.field("add_time", &addedAt)
    try wire.field("use_time", &firstUsedAt)
  }
}
