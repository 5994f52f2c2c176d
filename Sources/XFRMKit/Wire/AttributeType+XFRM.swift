internal import CNetlink

/// `XFRMA_…`
extension AttributeType {
  private init(_ attribute: xfrm_attr_type_t) {
    self.init(rawValue: UInt16(truncatingIfNeeded: attribute.rawValue))
  }

  public static var algorithmAuthentication: Self { Self(XFRMA_ALG_AUTH) }
  public static var algorithmEncryption: Self { Self(XFRMA_ALG_CRYPT) }
  public static var algorithmCompression: Self { Self(XFRMA_ALG_COMP) }
  public static var encapsulation: Self { Self(XFRMA_ENCAP) }
  public static var templates: Self { Self(XFRMA_TMPL) }
  public static var association: Self { Self(XFRMA_SA) }
  public static var policy: Self { Self(XFRMA_POLICY) }
  public static var securityContext: Self { Self(XFRMA_SEC_CTX) }
  public static var usage: Self { Self(XFRMA_LTIME_VAL) }
  public static var replayState: Self { Self(XFRMA_REPLAY_VAL) }
  public static var replayThreshold: Self { Self(XFRMA_REPLAY_THRESH) }
  public static var timerThreshold: Self { Self(XFRMA_ETIMER_THRESH) }
  public static var sourceAddress: Self { Self(XFRMA_SRCADDR) }
  public static var careOfAddress: Self { Self(XFRMA_COADDR) }
  public static var lastUsed: Self { Self(XFRMA_LASTUSED) }
  public static var policyType: Self { Self(XFRMA_POLICY_TYPE) }
  public static var migrations: Self { Self(XFRMA_MIGRATE) }
  public static var algorithmAEAD: Self { Self(XFRMA_ALG_AEAD) }
  public static var keyManagerAddresses: Self { Self(XFRMA_KMADDRESS) }
  public static var algorithmAuthenticationTruncated: Self { Self(XFRMA_ALG_AUTH_TRUNC) }
  public static var mark: Self { Self(XFRMA_MARK) }
  public static var trafficFlowPadding: Self { Self(XFRMA_TFCPAD) }
  public static var extendedReplayState: Self { Self(XFRMA_REPLAY_ESN_VAL) }
  public static var extraFlags: Self { Self(XFRMA_SA_EXTRA_FLAGS) }
  public static var dumpProtocol: Self { Self(XFRMA_PROTO) }
  public static var addressFilter: Self { Self(XFRMA_ADDRESS_FILTER) }
  public static var padding: Self { Self(XFRMA_PAD) }
  public static var offload: Self { Self(XFRMA_OFFLOAD_DEV) }
  public static var outputMark: Self { Self(XFRMA_SET_MARK) }
  public static var outputMarkMask: Self { Self(XFRMA_SET_MARK_MASK) }
  public static var interfaceID: Self { Self(XFRMA_IF_ID) }
  public static var mappingThreshold: Self { Self(XFRMA_MTIMER_THRESH) }
  /// Since Linux 6.10.
  public static var direction: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_DIR)) }
  /// Since Linux 6.11.
  public static var natKeepalive: Self { Self(rawValue: UInt16(CNL_XFRMA_NAT_KEEPALIVE_INTERVAL)) }
  /// Since Linux 6.13.
  public static var cpu: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_PCPU)) }
  /// Since Linux 6.14, as the rest of IP-TFS.
  public static var iptfsDropTime: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_DROP_TIME)) }
  public static var iptfsReorderWindow: Self {
    Self(rawValue: UInt16(CNL_XFRMA_IPTFS_REORDER_WINDOW))
  }
  public static var iptfsDontFragment: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_DONT_FRAG)) }
  public static var iptfsInitialDelay: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_INIT_DELAY)) }
  public static var iptfsQueueSize: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_MAX_QSIZE)) }
  public static var iptfsPacketSize: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_PKT_SIZE)) }
}
