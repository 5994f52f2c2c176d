internal import CNetlink

extension SecurityAssociation {
  /// `XFRM_STATE_…`
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Do not copy congestion notification between inner and outer header.
    public static let noECN = Flags(rawValue: UInt8(XFRM_STATE_NOECN))
    /// Copy the outer header's DSCP into the inner one.
    public static let decapsulateDSCP = Flags(rawValue: UInt8(XFRM_STATE_DECAP_DSCP))
    /// Do not discover the path MTU. The kernel sets it by itself under `ip_no_pmtu_disc`.
    public static let noPathMTUDiscovery = Flags(rawValue: UInt8(XFRM_STATE_NOPMTUDISC))
    /// Mobile IPv6: any source.
    public static let wildcardReceive = Flags(rawValue: UInt8(XFRM_STATE_WILDRECV))
    /// Accept ICMP errors whose inner packet fits the selector.
    public static let icmp = Flags(rawValue: UInt8(XFRM_STATE_ICMP))
    /// Leave an unspecified selector family open, so that both families may be carried.
    public static let anyFamily = Flags(rawValue: UInt8(XFRM_STATE_AF_UNSPEC))
    /// AH over IPv4: align the integrity check value to four bytes.
    public static let align4 = Flags(rawValue: UInt8(XFRM_STATE_ALIGN4))
    /// Extended (64-bit) sequence numbers.
    public static let extendedSequenceNumbers = Flags(rawValue: UInt8(XFRM_STATE_ESN))
  }

  /// `XFRM_SA_XFLAG_…`; since Linux 3.10.
  public struct ExtraFlags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Do not copy the inner header's DSCP into the outer one.
    public static let dontEncapsulateDSCP = ExtraFlags(
      rawValue: UInt32(XFRM_SA_XFLAG_DONT_ENCAP_DSCP))
    /// Let the outgoing sequence number start again at 0, against RFC 4303.
    public static let sequenceMayWrap = ExtraFlags(rawValue: UInt32(XFRM_SA_XFLAG_OSEQ_MAY_WRAP))
  }

  /// `XFRM_SA_DIR_…`
  public struct Direction: OpenEnumeration, CustomStringConvertible {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// For packets that come in: `XFRM_SA_DIR_IN`.
    public static var incoming: Self { Self(rawValue: UInt8(CNL_XFRM_SA_DIR_IN)) }
    /// For packets that leave: `XFRM_SA_DIR_OUT`.
    public static var outgoing: Self { Self(rawValue: UInt8(CNL_XFRM_SA_DIR_OUT)) }

    public var description: String {
      switch self {
      case .incoming: "in"
      case .outgoing: "out"
      default: "direction \(rawValue)"
      }
    }
  }
}

/// ESP inside UDP or TCP, to pass NATs: `struct xfrm_encap_tmpl`.
public struct Encapsulation: Hashable, Sendable {
  /// `UDP_ENCAP_…`
  public struct Kind: OpenEnumeration, CustomStringConvertible {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// RFC 3948.
    public static var espInUDP: Self { Self(rawValue: 2) }
    /// RFC 8229; since Linux 5.6.
    public static var espInTCP: Self { Self(rawValue: 7) }

    public var description: String {
      switch self {
      case .espInUDP: "ESP-in-UDP"
      case .espInTCP: "ESP-in-TCP"
      default: "encapsulation \(rawValue)"
      }
    }
  }

  /// What ESP is wrapped in.
  public var kind: Kind
  /// The sender's UDP or TCP port, in the host's byte order.
  public var sourcePort: UInt16
  /// The receiver's port, in the host's byte order; a socket there must take ESP.
  public var destinationPort: UInt16
  /// The peer's address before NAT. Carried along; the kernel makes no use of it.
  public var originalAddress: IPAddress?

  /// Wraps ESP. Both ports are 4500 unless a NAT has changed one.
  public init(_ kind: Kind, sourcePort: UInt16 = 4500, destinationPort: UInt16 = 4500) {
    self.kind = kind
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
  }
}

/// Sequence numbers of 32 bits and a window of 32 packets: `struct xfrm_replay_state`.
public struct ReplayState: Hashable, Sendable {
  /// The last one sent.
  public var outgoingSequence: UInt32 = 0
  /// The highest one received.
  public var incomingSequence: UInt32 = 0
  /// Which of those before it were received; the lowest bit is itself.
  public var bitmap: UInt32 = 0

  /// Nothing sent, nothing received.
  public init() {}
}

/// Extended sequence numbers, or a larger window: `struct xfrm_replay_state_esn`.
public struct ExtendedReplayState: Hashable, Sendable {
  /// The last one sent.
  public var outgoingSequence: UInt64 = 0
  /// The highest one received.
  public var incomingSequence: UInt64 = 0
  /// In packets, at most 32 for each word of ``bitmap``.
  public var window: UInt32
  /// Which packets of the window were received. At most 128 words.
  public var bitmap: [UInt32]

  /// A window of so many packets, none of which were received.
  public init(window: UInt32) {
    self.window = window
    bitmap = Array(repeating: 0, count: (Int(window) + 31) / 32)
  }
}

extension SecurityAssociation {
  /// Packets that failed a check: `struct xfrm_stats`.
  public struct Statistics: Hashable, Sendable {
    /// Came too late for the replay window.
    public var outsideReplayWindow: UInt32 = 0
    /// Had been received before.
    public var replayed: UInt32 = 0
    /// Were changed on the way, or protected with another key.
    public var integrityFailed: UInt32 = 0

    /// None.
    public init() {}
  }

  /// Work that a network device does: `struct xfrm_user_offload`; since Linux 4.12.
  public struct Offload: Hashable, Sendable {
    /// `XFRM_OFFLOAD_…`
    public struct Flags: OptionSet, Hashable, Sendable {
      public var rawValue: UInt8
      public init(rawValue: UInt8) { self.rawValue = rawValue }
      /// For packets that come in; else for those that leave.
      public static let incoming = Flags(rawValue: UInt8(XFRM_OFFLOAD_INBOUND))
      /// The whole packet, not only its cryptography; since Linux 6.2.
      public static let packet = Flags(rawValue: 4)
    }

    /// The device, by the kernel's number for it.
    public var interfaceIndex: Int32
    /// What it does.
    public var flags: Flags

    /// Work for a device. One that cannot do it refuses the SA if it is packet offload;
    /// cryptography it leaves to software.
    public init(interfaceIndex: Int32, flags: Flags) {
      self.interfaceIndex = interfaceIndex
      self.flags = flags
    }
  }
}
