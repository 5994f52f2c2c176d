internal import CNetlink

/// `XFRMA_…`
extension AttributeType {
  private init(_ attribute: xfrm_attr_type_t) {
    self.init(rawValue: UInt16(truncatingIfNeeded: attribute.rawValue))
  }

  static var algorithmAuthentication: Self { Self(XFRMA_ALG_AUTH) }
  static var algorithmEncryption: Self { Self(XFRMA_ALG_CRYPT) }
  static var algorithmCompression: Self { Self(XFRMA_ALG_COMP) }
  static var encapsulation: Self { Self(XFRMA_ENCAP) }
  static var templates: Self { Self(XFRMA_TMPL) }
  static var association: Self { Self(XFRMA_SA) }
  static var policy: Self { Self(XFRMA_POLICY) }
  static var securityContext: Self { Self(XFRMA_SEC_CTX) }
  static var usage: Self { Self(XFRMA_LTIME_VAL) }
  static var replayState: Self { Self(XFRMA_REPLAY_VAL) }
  static var replayThreshold: Self { Self(XFRMA_REPLAY_THRESH) }
  static var timerThreshold: Self { Self(XFRMA_ETIMER_THRESH) }
  static var sourceAddress: Self { Self(XFRMA_SRCADDR) }
  static var careOfAddress: Self { Self(XFRMA_COADDR) }
  static var lastUsed: Self { Self(XFRMA_LASTUSED) }
  static var policyType: Self { Self(XFRMA_POLICY_TYPE) }
  static var migrations: Self { Self(XFRMA_MIGRATE) }
  static var algorithmAEAD: Self { Self(XFRMA_ALG_AEAD) }
  static var keyManagerAddresses: Self { Self(XFRMA_KMADDRESS) }
  static var algorithmAuthenticationTruncated: Self { Self(XFRMA_ALG_AUTH_TRUNC) }
  static var mark: Self { Self(XFRMA_MARK) }
  static var trafficFlowPadding: Self { Self(XFRMA_TFCPAD) }
  static var extendedReplayState: Self { Self(XFRMA_REPLAY_ESN_VAL) }
  static var extraFlags: Self { Self(XFRMA_SA_EXTRA_FLAGS) }
  static var dumpProtocol: Self { Self(XFRMA_PROTO) }
  static var addressFilter: Self { Self(XFRMA_ADDRESS_FILTER) }
  static var padding: Self { Self(XFRMA_PAD) }
  static var offload: Self { Self(XFRMA_OFFLOAD_DEV) }
  static var outputMark: Self { Self(XFRMA_SET_MARK) }
  static var outputMarkMask: Self { Self(XFRMA_SET_MARK_MASK) }
  static var interfaceID: Self { Self(XFRMA_IF_ID) }
  static var mappingThreshold: Self { Self(XFRMA_MTIMER_THRESH) }
  static var direction: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_DIR)) }
  static var natKeepalive: Self { Self(rawValue: UInt16(CNL_XFRMA_NAT_KEEPALIVE_INTERVAL)) }
  static var cpu: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_PCPU)) }
  static var iptfsDropTime: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_DROP_TIME)) }
  static var iptfsReorderWindow: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_REORDER_WINDOW)) }
  static var iptfsDontFragment: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_DONT_FRAG)) }
  static var iptfsInitialDelay: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_INIT_DELAY)) }
  static var iptfsQueueSize: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_MAX_QSIZE)) }
  static var iptfsPacketSize: Self { Self(rawValue: UInt16(CNL_XFRMA_IPTFS_PKT_SIZE)) }
}
