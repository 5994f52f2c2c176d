public import XFRMKit

/// What is known of one host, at the beginning and at the end of a time in which packets went.
///
/// A value like any other: what is made of it can be tried without a kernel.
public struct HostEvidence: Sendable {
  /// What changes while packets go.
  public struct Sample: Sendable {
    /// The newest first.
    public var policies: [Policy] = []
    /// The newest first.
    public var associations: [SecurityAssociation] = []
    /// Packets that IPsec dropped.
    public var counters = ErrorCounters(none: ())
    /// Packets that came in by another interface than answers would leave by; `nil` if the kernel
    /// does not say.
    public var reversePathDrops: UInt64?
    /// Packets for somebody else that a host does not forward, as it forwards none: `InAddrErrors`;
    /// none of a family of which the kernel does not say.
    public var unforwarded: [AddressFamily: UInt64] = [:]
    /// In seconds since 1970.
    public var time: UInt64 = 0

    /// Nothing at all.
    public init() {}
  }

  /// How the host is called in the diagnosis; empty for the one that is asked.
  public var name = ""
  /// At the beginning.
  public var before = Sample()
  /// At the end.
  public var after = Sample()
  /// What becomes of packets that no policy is for; `nil` for a kernel that accepts.
  public var defaultActions: DefaultActions?
  /// Which policies are found by hash, and before others; `nil` since Linux 6.12.
  public var hashing: SPDInfo?
  /// Interfaces.
  public var links: [Link] = []
  /// Addresses of the interfaces.
  public var addresses: [InterfaceAddress] = []
  /// Routes of all tables.
  public var routes: [Route] = []
  /// Settings below `net`: the parts of their names with dots between them.
  public var settings: [String: Int] = [:]
  /// Rules of the packet filter.
  public var rules: [FilterRule] = []
  /// Interface IDs that an xfrm interface has.
  public var interfaceIDs: Set<UInt32> = []
  /// Whether an xfrm interface takes packets of every interface ID.
  public var hasEveryInterfaceID = false
  /// Ports that a UDP socket is bound to; `nil` if nobody looked.
  public var udpPorts: Set<UInt16>?
  /// Peers that were heard from a new address.
  public var mappings: [AddressMapping] = []
  /// SAs that came to their end.
  public var expired: [SecurityAssociation] = []

  /// Nothing at all.
  public init() {}
}

extension ErrorCounters {
  /// Counters that all stand at 0.
  fileprivate init(none: ()) { self.init(parsing: "") }
}
