/// How full the security association database is: `XFRM_MSG_NEWSADINFO`.
public struct SADInfo: Hashable, Sendable {
  /// SAs, those still being negotiated included.
  public var count: UInt32 = 0
  /// Buckets of the hash tables now.
  public var buckets: UInt32 = 0
  /// The most buckets they may grow to.
  public var maximumBuckets: UInt32 = 0
}

/// How full the security policy database is: `XFRM_MSG_NEWSPDINFO`.
public struct SPDInfo: Hashable, Sendable {
  /// Policies by direction, main and sub.
  public var incoming: UInt32 = 0
  /// Policies for outgoing packets, main and sub.
  public var outgoing: UInt32 = 0
  /// Policies for forwarded packets, main and sub.
  public var forwarded: UInt32 = 0
  /// Policies of single sockets.
  public var socketIncoming: UInt32 = 0
  /// Policies of single sockets for what they send.
  public var socketOutgoing: UInt32 = 0
  /// Always 0: sockets forward nothing.
  public var socketForwarded: UInt32 = 0
  /// Buckets of the hash tables now, less one.
  public var bucketMask: UInt32 = 0
  /// The most buckets they may grow to.
  public var maximumBuckets: UInt32 = 0
  /// Prefix lengths from which a policy is found by hash; since Linux 3.18.
  public var thresholdIPv4: HashThreshold?
  /// The same for IPv6.
  public var thresholdIPv6: HashThreshold?

  /// `struct xfrmu_spdhthresh`
  public struct HashThreshold: Hashable, Sendable {
    /// Of the host's own side's prefix.
    public var localBits: UInt8 = 0
    /// Of the other side's.
    public var remoteBits: UInt8 = 0
    /// Finds every policy by hash.
    public init() {}

    /// Finds policies by hash whose prefixes are at least so long: at most 32 bits for IPv4, 128
    /// for IPv6.
    public init(local: UInt8, remote: UInt8) {
      localBits = local
      remoteBits = remote
    }
  }

  /// Policies of every direction, those of single sockets left out.
  public var count: UInt32 { incoming &+ outgoing &+ forwarded }
  /// Policies of single sockets.
  public var socketCount: UInt32 { socketIncoming &+ socketOutgoing &+ socketForwarded }
}
