internal import CNetlink

/// `XFRMA_…`
extension AttributeType {
  private init(_ attribute: xfrm_attr_type_t) {
    self.init(rawValue: UInt16(truncatingIfNeeded: attribute.rawValue))
  }

  /// `XFRMA_ALG_AUTH`: a hash and its key, truncated as the kernel likes.
  public static var algorithmAuthentication: Self { Self(XFRMA_ALG_AUTH) }
  /// `XFRMA_ALG_CRYPT`: a cipher and its key.
  public static var algorithmEncryption: Self { Self(XFRMA_ALG_CRYPT) }
  /// `XFRMA_ALG_COMP`: a compression algorithm.
  public static var algorithmCompression: Self { Self(XFRMA_ALG_COMP) }
  /// `XFRMA_ENCAP`: ESP in UDP or TCP.
  public static var encapsulation: Self { Self(XFRMA_ENCAP) }
  /// `XFRMA_TMPL`: the templates of a policy.
  public static var templates: Self { Self(XFRMA_TMPL) }
  /// `XFRMA_SA`: in announcements, the SA that was deleted.
  public static var association: Self { Self(XFRMA_SA) }
  /// `XFRMA_POLICY`: in announcements, the policy that was deleted.
  public static var policy: Self { Self(XFRMA_POLICY) }
  /// `XFRMA_SEC_CTX`: a label of SELinux.
  public static var securityContext: Self { Self(XFRMA_SEC_CTX) }
  /// `XFRMA_LTIME_VAL`: counters.
  public static var usage: Self { Self(XFRMA_LTIME_VAL) }
  /// `XFRMA_REPLAY_VAL`: sequence numbers of 32 bits.
  public static var replayState: Self { Self(XFRMA_REPLAY_VAL) }
  /// `XFRMA_REPLAY_THRESH`: packets after which a checkpoint is announced.
  public static var replayThreshold: Self { Self(XFRMA_REPLAY_THRESH) }
  /// `XFRMA_ETIMER_THRESH`: time after which one is; set in jiffies, told in tenths of a second.
  public static var timerThreshold: Self { Self(XFRMA_ETIMER_THRESH) }
  /// `XFRMA_SRCADDR`: in requests about SAs of Mobile IPv6.
  public static var sourceAddress: Self { Self(XFRMA_SRCADDR) }
  /// `XFRMA_COADDR`: of Mobile IPv6.
  public static var careOfAddress: Self { Self(XFRMA_COADDR) }
  /// `XFRMA_LASTUSED`: seconds since 1970.
  public static var lastUsed: Self { Self(XFRMA_LASTUSED) }
  /// `XFRMA_POLICY_TYPE`: main or sub.
  public static var policyType: Self { Self(XFRMA_POLICY_TYPE) }
  /// `XFRMA_MIGRATE`: the entries of a migration.
  public static var migrations: Self { Self(XFRMA_MIGRATE) }
  /// `XFRMA_ALG_AEAD`: a cipher that authenticates, and its key.
  public static var algorithmAEAD: Self { Self(XFRMA_ALG_AEAD) }
  /// `XFRMA_KMADDRESS`: in a migration.
  public static var keyManagerAddresses: Self { Self(XFRMA_KMADDRESS) }
  /// `XFRMA_ALG_AUTH_TRUNC`: a hash, its key and how much of it is sent.
  public static var algorithmAuthenticationTruncated: Self { Self(XFRMA_ALG_AUTH_TRUNC) }
  /// `XFRMA_MARK`: the packet marks that an SA or policy is for.
  public static var mark: Self { Self(XFRMA_MARK) }
  /// `XFRMA_TFCPAD`: bytes.
  public static var trafficFlowPadding: Self { Self(XFRMA_TFCPAD) }
  /// `XFRMA_REPLAY_ESN_VAL`: sequence numbers of 64 bits, or a larger window.
  public static var extendedReplayState: Self { Self(XFRMA_REPLAY_ESN_VAL) }
  /// `XFRMA_SA_EXTRA_FLAGS`: since Linux 3.10.
  public static var extraFlags: Self { Self(XFRMA_SA_EXTRA_FLAGS) }
  /// `XFRMA_PROTO`: which SAs to list; since Linux 3.15.
  public static var dumpProtocol: Self { Self(XFRMA_PROTO) }
  /// `XFRMA_ADDRESS_FILTER`: which SAs to list; since Linux 3.15.
  public static var addressFilter: Self { Self(XFRMA_ADDRESS_FILTER) }
  /// `XFRMA_PAD`: nothing, so that what follows is aligned; since Linux 4.7.
  public static var padding: Self { Self(XFRMA_PAD) }
  /// `XFRMA_OFFLOAD_DEV`: since Linux 4.12.
  public static var offload: Self { Self(XFRMA_OFFLOAD_DEV) }
  /// `XFRMA_SET_MARK`: since Linux 4.14.
  public static var outputMark: Self { Self(XFRMA_SET_MARK) }
  /// `XFRMA_SET_MARK_MASK`: since Linux 4.19.
  public static var outputMarkMask: Self { Self(XFRMA_SET_MARK_MASK) }
  /// `XFRMA_IF_ID`: since Linux 4.19.
  public static var interfaceID: Self { Self(XFRMA_IF_ID) }
  /// `XFRMA_MTIMER_THRESH`: seconds; since Linux 5.17.
  public static var mappingThreshold: Self { Self(XFRMA_MTIMER_THRESH) }
  /// Since Linux 6.10.
  public static var direction: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_DIR)) }
  /// Since Linux 6.11.
  public static var natKeepalive: Self { Self(rawValue: UInt16(CNL_XFRMA_NAT_KEEPALIVE_INTERVAL)) }
  /// Since Linux 6.13.
  public static var cpu: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_PCPU)) }
  /// Since Linux 6.14, as the rest of IP-TFS.
  public static var iptfsDropTime: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_DROP_TIME)) }
  /// `XFRMA_IPTFS_REORDER_WINDOW`: packets.
  public static var iptfsReorderWindow: Self {
    Self(rawValue: UInt16(CNL_XFRMA_IPTFS_REORDER_WINDOW))
  }
  /// `XFRMA_IPTFS_DONT_FRAG`: a flag.
  public static var iptfsDontFragment: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_DONT_FRAG)) }
  /// `XFRMA_IPTFS_INIT_DELAY`: microseconds.
  public static var iptfsInitialDelay: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_INIT_DELAY)) }
  /// `XFRMA_IPTFS_MAX_QSIZE`: bytes.
  public static var iptfsQueueSize: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_MAX_QSIZE)) }
  /// `XFRMA_IPTFS_PKT_SIZE`: bytes.
  public static var iptfsPacketSize: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_PKT_SIZE)) }
}
