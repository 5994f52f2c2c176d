extension SecurityAssociation {
  /// The algorithm of an IPComp SA: `XFRMA_ALG_COMP`.
  public var compression: Compression? {
    get { rare[\.compression] }
    set { rare[\.compression] = newValue }
  }

  /// More flags: `XFRMA_SA_EXTRA_FLAGS`; since Linux 3.10.
  public var extraFlags: ExtraFlags? {
    get { rare[\.extraFlags] }
    set { rare[\.extraFlags] = newValue }
  }

  /// Mobile IPv6: the care-of address, `XFRMA_COADDR`.
  public var careOfAddress: IPAddress? {
    get { rare[\.careOfAddress] }
    set { rare[\.careOfAddress] = newValue }
  }

  /// Bytes to pad packets to, for traffic flow confidentiality: `XFRMA_TFCPAD`; tunnel mode only.
  public var trafficFlowPadding: UInt32? {
    get { rare[\.trafficFlowPadding] }
    set { rare[\.trafficFlowPadding] = newValue }
  }

  /// A network device that shares the work, or does it: `XFRMA_OFFLOAD_DEV`; since Linux 4.12.
  public var offload: Offload? {
    get { rare[\.offload] }
    set { rare[\.offload] = newValue }
  }

  /// The only CPU that may send through it: `XFRMA_SA_PCPU`; outgoing SAs (RFC 9611), since Linux
  /// 6.13.
  public var cpu: UInt32? {
    get { rare[\.cpu] }
    set { rare[\.cpu] = newValue }
  }

  /// The label of what it carries under SELinux: `XFRMA_SEC_CTX`.
  public var securityContext: SecurityContext? {
    get { rare[\.securityContext] }
    set { rare[\.securityContext] = newValue }
  }

  /// What IP traffic flow security does, if ``mode`` is that; since Linux 6.14.
  public var iptfs: IPTFSOptions {
    get { rare[\.iptfs] ?? IPTFSOptions() }
    set { rare[\.iptfs] = newValue == IPTFSOptions() ? nil : newValue }
  }

  /// Seconds between packets that keep a NAT's mapping alive: `XFRMA_NAT_KEEPALIVE_INTERVAL`;
  /// outgoing ESP-in-UDP, since Linux 6.11.
  public var natKeepaliveSeconds: UInt32? {
    get { rare[\.natKeepaliveSeconds] }
    set { rare[\.natKeepaliveSeconds] = newValue }
  }

  /// Seconds between announcements of the peer's changed address: `XFRMA_MTIMER_THRESH`; since Linux
  /// 5.17.
  public var mappingThresholdSeconds: UInt32? {
    get { rare[\.mappingThresholdSeconds] }
    set { rare[\.mappingThresholdSeconds] = newValue }
  }

  // Asked for, but told by a checkpoint only:

  /// Counters to start from, for an SA that another host had; `XFRMA_LTIME_VAL`.
  public var initialUsage: Usage? {
    get { rare[\.initialUsage] }
    set { rare[\.initialUsage] = newValue }
  }

  /// Packets after which a checkpoint is announced. `nil` leaves it to `net.core.xfrm_aevent_rseqth`.
  public var checkpointPackets: UInt32? {
    get { rare[\.checkpointPackets] }
    set { rare[\.checkpointPackets] = newValue }
  }

  /// Time after which a checkpoint is announced, in the kernel's own ticks of 1/`CONFIG_HZ` s: what
  /// is read back (``AssociationCheckpoint/timerTenths``) has another unit. `nil` leaves it to
  /// `net.core.xfrm_aevent_etime`.
  public var checkpointJiffies: UInt32? {
    get { rare[\.checkpointJiffies] }
    set { rare[\.checkpointJiffies] = newValue }
  }

  /// Attributes of a newer kernel, in the order they came.
  public var otherAttributes: [OtherAttribute] {
    get { rare[\.otherAttributes] ?? [] }
    set { rare[\.otherAttributes] = newValue.isEmpty ? nil : newValue }
  }

  /// What few SAs have, kept apart so that the others stay small.
  struct RareParts: RareProperties {
    var compression: Compression?
    var extraFlags: ExtraFlags?
    var careOfAddress: IPAddress?
    var trafficFlowPadding: UInt32?
    var offload: Offload?
    var cpu: UInt32?
    var securityContext: SecurityContext?
    var iptfs: IPTFSOptions?
    var natKeepaliveSeconds: UInt32?
    var mappingThresholdSeconds: UInt32?
    var initialUsage: Usage?
    var checkpointPackets: UInt32?
    var checkpointJiffies: UInt32?
    var otherAttributes: [OtherAttribute]?
  }
}
