/// An entry of the security association database (SAD): how packets to one destination with one
/// SPI are protected. `struct xfrm_usersa_info` and attributes.
///
/// What the kernel counts (``usage``, ``statistics``, ``lastUsedAt``) is filled in when it is read
/// and ignored when it is added.
public struct SecurityAssociation: Equatable, Sendable {
  /// The sender's address: of the outer packet in tunnel mode.
  public var source: IPAddress
  /// The receiver's address, of the same family.
  public var destination: IPAddress
  /// What packets that belong to it carry; 1 to 255 are reserved.
  public var spi: SPI
  /// ESP, AH or IPComp; for Mobile IPv6 also destination options and routing.
  public var proto: IPProtocol
  /// How it wraps packets.
  public var mode: Mode
  /// `reqid`: which templates may use this SA; they must have the same. 0 is only for templates
  /// that have 0 too.
  public var requestID: UInt32 = 0
  /// Which packets it may carry; the inner ones where the mode has inner addresses.
  public var selector = Selector.unrestricted

  /// A cipher that authenticates, with its key: `XFRMA_ALG_AEAD`. ESP only, and then neither
  /// ``encryption`` nor ``authentication``.
  public var aead: AEAD?
  /// A cipher and its key: `XFRMA_ALG_CRYPT`. ESP only.
  public var encryption: Encryption?
  /// A keyed hash and its key: `XFRMA_ALG_AUTH_TRUNC`, or `XFRMA_ALG_AUTH` where the kernel is to
  /// choose the check value's length.
  public var authentication: Authentication?

  /// What ESP is wrapped in, to pass NATs: `XFRMA_ENCAP`.
  public var encapsulation: Encapsulation?
  /// How packets are treated on the way in and out.
  public var flags: Flags = []
  /// When it expires.
  public var lifetime = Lifetime()
  /// Packets behind the newest that are still accepted, at most 32; more need
  /// ``extendedReplayState``.
  public var replayWindow: UInt8 = 0
  /// Sequence numbers of 32 bits: `XFRMA_REPLAY_VAL`. To be added, those to go on from.
  public var replayState: ReplayState?
  /// Extended sequence numbers, or a window of more than 32 packets: `XFRMA_REPLAY_ESN_VAL`.
  public var extendedReplayState: ExtendedReplayState?

  /// The packet marks that it is for: `XFRMA_MARK`. A part of its ID.
  public var mark: Mark?
  /// The mark that packets leave with: `XFRMA_SET_MARK`; since Linux 4.14.
  public var outputMark: UInt32?
  /// Which bits of it to set, all if `nil`; since Linux 4.19.
  public var outputMarkMask: UInt32?
  /// Ties it to an xfrm interface: `XFRMA_IF_ID`; since Linux 4.19.
  public var interfaceID: UInt32?
  /// Whether it is for incoming or outgoing packets: `XFRMA_SA_DIR`; since Linux 6.10, ignored
  /// silently before.
  public var direction: Direction?

  /// The number of the acquire that it answers, else 0.
  public var sequence: UInt32 = 0
  /// What has gone through it so far: `curlft`.
  public var usage = Usage()
  /// Packets that failed a check so far.
  public var statistics = Statistics()
  /// When a packet last used it, in seconds since 1970: `XFRMA_LASTUSED`; `nil` for never.
  public var lastUsedAt: UInt64?

  var rare = Rare<RareParts>()
  var attributeSequence = AttributeSequence()

  /// An SA without algorithms, which ``ESPProposal/protect(_:)`` gives it, and without limits.
  public init(
    from source: IPAddress, to destination: IPAddress, spi: SPI, proto: IPProtocol = .esp,
    mode: Mode
  ) {
    self.source = source
    self.destination = destination
    self.spi = spi
    self.proto = proto
    self.mode = mode
  }

  /// The family of its own addresses; that of what it carries may differ in tunnel mode.
  public var family: AddressFamily { destination.family }

  /// What the kernel knows it by.
  public var id: SecurityAssociationID {
    SecurityAssociationID(
      destination: destination, spi: spi, proto: proto, mark: mark, source: source)
  }
}

/// What tells one SA from all others: `struct xfrm_usersa_id`.
///
/// For ESP, AH and IPComp that is destination, SPI and protocol, among SAs that the mark can see;
/// for the Mobile IPv6 protocols, source and destination.
public struct SecurityAssociationID: Hashable, Sendable {
  /// The receiver's address.
  public var destination: IPAddress
  /// The SPI in the packets.
  public var spi: SPI
  /// ESP, AH or IPComp, or one of Mobile IPv6.
  public var proto: IPProtocol
  /// Must match if the SA has one.
  public var mark: Mark?
  /// Needed for protocols other than ESP, AH and IPComp, ignored for those.
  public var source: IPAddress?

  /// What to ask for an SA by. ``SecurityAssociation/id`` makes it of an SA.
  public init(
    destination: IPAddress, spi: SPI, proto: IPProtocol = .esp, mark: Mark? = nil,
    source: IPAddress? = nil
  ) {
    self.destination = destination
    self.spi = spi
    self.proto = proto
    self.mark = mark
    self.source = source
  }
}

extension SecurityAssociationID: CustomStringConvertible {
  /// `ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001000`
  public var description: String {
    let route = source.map { "\($0) → \(destination)" } ?? "to \(destination)"
    return "\(proto) SA \(route) SPI \(spi)" + (mark.map { " mark \($0)" } ?? "")
  }
}
