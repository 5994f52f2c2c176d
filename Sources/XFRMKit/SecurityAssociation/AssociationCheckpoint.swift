internal import CNetlink

/// How far an SA has come: its sequence numbers and counters at one moment, for a standby to go on
/// from. The kernel calls it an asynchronous event (AE); `struct xfrm_aevent_id`.
public struct AssociationCheckpoint: Equatable, Sendable {
  /// `XFRM_AE_…`
  public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    // What is asked for besides sequence numbers and counters:

    /// The packets after which one is announced.
    public static let packets = Flags(XFRM_AE_RTHR)
    /// The time after which one is announced.
    public static let timer = Flags(XFRM_AE_ETHR)

    // Why one was announced:

    /// So many packets went by.
    public static let packetsPassed = Flags(XFRM_AE_CR)
    /// So much time went by.
    public static let timePassed = Flags(XFRM_AE_CE)
    /// Somebody set it.
    public static let wasSet = Flags(XFRM_AE_CU)

    init(_ flag: xfrm_ae_ftype_t) { rawValue = UInt32(flag.rawValue) }
  }

  /// Which SA it is about.
  public var id: SecurityAssociationID
  /// The SA's source address.
  public var source: IPAddress
  /// The SA's request ID.
  public var requestID: UInt32 = 0
  /// Why it was announced, or which thresholds were asked for.
  public var flags: Flags = []

  /// Sequence numbers of SAs without ``extendedReplayState``: `XFRMA_REPLAY_VAL`.
  public var replayState: ReplayState?
  /// Of SAs that have one; its bitmap must be as long as theirs to be set.
  public var extendedReplayState: ExtendedReplayState?
  /// Bytes, packets and times so far: `XFRMA_LTIME_VAL`.
  public var usage: Usage?
  /// Packets after which one is announced.
  public var packets: UInt32?
  /// Time after which one is announced, to be set, in the kernel's ticks of 1/`CONFIG_HZ` s.
  public var timerJiffies: UInt32?
  /// The same as the kernel tells it, in tenths of a second. Ignored when it is set.
  public var timerTenths: UInt32?
  /// To be set: seconds between announcements of the peer's changed address.
  public var mappingThresholdSeconds: UInt32?

  // Told, not set:
  /// The SA's; since Linux 4.19.
  public var interfaceID: UInt32?
  /// The SA's; since Linux 6.13.
  public var cpu: UInt32?
  /// The SA's; since Linux 6.10.
  public var direction: SecurityAssociation.Direction?

  /// Attributes of a newer kernel, in the order they came.
  public var otherAttributes: [OtherAttribute] = []

  /// Says nothing yet of the SA with this ID.
  public init(_ id: SecurityAssociationID) {
    self.id = id
    source = id.source ?? .unspecified(id.destination.family)
  }
}

// MARK: - Wire

/// `struct xfrm_aevent_id`
struct CheckpointWire: WireStruct {
  static var size: Int { 48 }
  var identity = SecurityAssociationIDWire()
  var saddr = AddressWire()
  var flags: AssociationCheckpoint.Flags = []
  var requestID: UInt32 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("sa_id", &identity)
    try wire.structure("saddr", &saddr)
    try wire.field("flags", &flags)
    try wire.field("reqid", &requestID)
  }
}

extension AssociationCheckpoint: AttributeCarrier {
  static let requestOrder: [AttributeType] = [
    .extendedReplayState, .replayState, .usage, .replayThreshold, .timerThreshold,
    .mappingThreshold, .mark,
  ]

  /// Reads the payload of `XFRM_MSG_NEWAE` as the kernel sends it.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: CheckpointWire = try reader.read()
    let id = try wire.identity.id(at: start)
    self.init(id)
    source = wire.saddr.address(id.destination.family)
    self.id.source = source
    requestID = wire.requestID
    flags = wire.flags
    try readAttributes(from: reader)
  }

  func encode(into message: inout MessageBuilder) {
    message.requireFamily(id.destination.family, of: source, "an SA")
    var wire = CheckpointWire()
    wire.identity = SecurityAssociationIDWire(id)
    wire.saddr = AddressWire(source)
    wire.flags = flags
    wire.requestID = requestID
    message.append(wire)
    appendAttributes(to: &message, form: .request)
  }

  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool {
    var payload = attribute.reader
    switch attribute.type {
    case .replayState: replayState = try payload.read(ReplayState.self)
    case .extendedReplayState: extendedReplayState = try ExtendedReplayState(from: &payload)
    case .usage: usage = try payload.read(Usage.self)
    case .replayThreshold: packets = try payload.read()
    case .timerThreshold: timerTenths = try payload.read()
    case .mappingThreshold: mappingThresholdSeconds = try payload.read()
    case .mark: id.mark = try payload.read(Mark.self)
    case .interfaceID: interfaceID = try payload.read()
    case .cpu: cpu = try payload.read()
    case .direction: direction = SecurityAssociation.Direction(rawValue: try payload.read())
    default: return false
    }
    return true
  }

  func append(_ type: AttributeType, form: MessageForm, to message: inout MessageBuilder) {
    switch type {
    case .replayState: message.append(type, ifPresent: replayState)
    case .extendedReplayState:
      if let extendedReplayState {
        message.append(type) { extendedReplayState.encode(into: &$0) }
      }
    case .usage: message.append(type, ifPresent: usage)
    case .replayThreshold: message.append(type, ifPresent: packets)
    case .timerThreshold: message.append(type, ifPresent: timerJiffies)
    case .mappingThreshold: message.append(type, ifPresent: mappingThresholdSeconds)
    case .mark: message.append(type, ifPresent: id.mark)
    case .interfaceID: message.append(type, ifPresent: interfaceID)
    case .cpu: message.append(type, ifPresent: cpu)
    case .direction: message.append(type, ifPresent: direction?.rawValue)
    default: break
    }
  }
}
