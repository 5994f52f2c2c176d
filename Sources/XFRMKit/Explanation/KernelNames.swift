/// Names of linux/xfrm.h.
extension AttributeType {
  /// The kernel's name for an attribute of XFRM: `XFRMA_MARK`; `nil` if this version knows none.
  public var xfrmName: String? {
    Self.names.indices.contains(Int(rawValue)) ? "XFRMA_\(Self.names[Int(rawValue)])" : nil
  }

  /// linux/xfrm.h, in the order of their numbers.
  private static let names = [
    "UNSPEC", "ALG_AUTH", "ALG_CRYPT", "ALG_COMP", "ENCAP", "TMPL", "SA", "POLICY", "SEC_CTX",
    "LTIME_VAL", "REPLAY_VAL", "REPLAY_THRESH", "ETIMER_THRESH", "SRCADDR", "COADDR", "LASTUSED",
    "POLICY_TYPE", "MIGRATE", "ALG_AEAD", "KMADDRESS", "ALG_AUTH_TRUNC", "MARK", "TFCPAD",
    "REPLAY_ESN_VAL", "SA_EXTRA_FLAGS", "PROTO", "ADDRESS_FILTER", "PAD", "OFFLOAD_DEV", "SET_MARK",
    "SET_MARK_MASK", "IF_ID", "MTIMER_THRESH", "SA_DIR", "NAT_KEEPALIVE_INTERVAL", "SA_PCPU",
    "IPTFS_DROP_TIME", "IPTFS_REORDER_WINDOW", "IPTFS_DONT_FRAG", "IPTFS_INIT_DELAY",
    "IPTFS_MAX_QSIZE", "IPTFS_PKT_SIZE",
  ]
}

/// Names of linux/xfrm.h.
extension MessageType {
  /// The kernel's name for a message of XFRM: `XFRM_MSG_NEWSA`; `nil` if this version knows none.
  public var xfrmName: String? {
    let place = Int(rawValue) - Int(MessageType.newAssociation.rawValue)
    return Self.names.indices.contains(place) ? "XFRM_MSG_\(Self.names[place])" : nil
  }

  /// linux/xfrm.h, in the order of their numbers.
  private static let names = [
    "NEWSA", "DELSA", "GETSA", "NEWPOLICY", "DELPOLICY", "GETPOLICY", "ALLOCSPI", "ACQUIRE",
    "EXPIRE", "UPDPOLICY", "UPDSA", "POLEXPIRE", "FLUSHSA", "FLUSHPOLICY", "NEWAE", "GETAE",
    "REPORT", "MIGRATE", "NEWSADINFO", "GETSADINFO", "NEWSPDINFO", "GETSPDINFO", "MAPPING",
    "SETDEFAULT", "GETDEFAULT",
  ]
}
