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
  static var securityContext: Self { Self(XFRMA_SEC_CTX) }
  static var currentLifetime: Self { Self(XFRMA_LTIME_VAL) }
  static var replayState: Self { Self(XFRMA_REPLAY_VAL) }
  static var sourceAddress: Self { Self(XFRMA_SRCADDR) }
  static var careOfAddress: Self { Self(XFRMA_COADDR) }
  static var lastUsed: Self { Self(XFRMA_LASTUSED) }
  static var policyType: Self { Self(XFRMA_POLICY_TYPE) }
  static var algorithmAEAD: Self { Self(XFRMA_ALG_AEAD) }
  static var algorithmAuthenticationTruncated: Self { Self(XFRMA_ALG_AUTH_TRUNC) }
  static var mark: Self { Self(XFRMA_MARK) }
  static var trafficFlowPadding: Self { Self(XFRMA_TFCPAD) }
  static var extendedReplayState: Self { Self(XFRMA_REPLAY_ESN_VAL) }
  static var extraFlags: Self { Self(XFRMA_SA_EXTRA_FLAGS) }
  static var dumpProtocol: Self { Self(XFRMA_PROTO) }
  static var padding: Self { Self(XFRMA_PAD) }
  static var offload: Self { Self(XFRMA_OFFLOAD_DEV) }
  static var outputMark: Self { Self(XFRMA_SET_MARK) }
  static var outputMarkMask: Self { Self(XFRMA_SET_MARK_MASK) }
  static var interfaceID: Self { Self(XFRMA_IF_ID) }
  static var direction: Self { Self(rawValue: UInt16(CNL_XFRMA_SA_DIR)) }
}
