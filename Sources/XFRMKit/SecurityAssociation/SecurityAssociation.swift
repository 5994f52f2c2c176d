/// An entry of the security association database (SAD): how packets to one destination with one
/// SPI are protected.
///
/// What the kernel counts (``usage``, ``statistics``, ``lastUsedAt``) is filled in when it is read
/// and ignored when it is added.
public struct SecurityAssociation: Equatable, Sendable {
  public var source: IPAddress
  public var destination: IPAddress
  public var spi: SPI
  public var proto: IPProtocol
  public var mode: Mode
  /// `reqid`: which templates may use this SA; they must have the same. 0 is only for templates
  /// that have 0 too.
  public var requestID: UInt32 = 0
  /// Which packets it may carry; the inner ones where the mode has inner addresses.
  public var selector = Selector.unrestricted

  public var aead: AEAD?
  public var encryption: Encryption?
  public var authentication: Authentication?

  public var encapsulation: Encapsulation?
  public var flags: Flags = []
  public var lifetime = Lifetime()
  /// Packets behind the newest that are still accepted, at most 32; more need
  /// ``extendedReplayState``.
  public var replayWindow: UInt8 = 0
  public var replayState: ReplayState?
  /// Extended sequence numbers, or a window of more than 32 packets.
  public var extendedReplayState: ExtendedReplayState?

  public var mark: Mark?
  /// The mark that packets leave with: `XFRMA_SET_MARK`; since Linux 4.14.
  public var outputMark: UInt32?
  /// Which bits of it to set, all if `nil`; since Linux 4.19.
  public var outputMarkMask: UInt32?
  /// Ties it to an xfrm interface; since Linux 4.19.
  public var interfaceID: UInt32?
  /// Whether it is for incoming or outgoing packets; since Linux 6.10, ignored silently before.
  public var direction: Direction?

  /// The number of the acquire that it answers, else 0.
  public var sequence: UInt32 = 0
  public var usage = Usage()
  public var statistics = Statistics()
  /// When a packet last used it, in seconds since 1970; `nil` for never.
  public var lastUsedAt: UInt64?

  var rare = Rare<RareParts>()
  var attributeSequence = AttributeSequence()

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

/// What tells one SA from all others.
///
/// For ESP, AH and IPComp that is destination, SPI and protocol, among SAs that the mark can see;
/// for the Mobile IPv6 protocols, source and destination.
public struct SecurityAssociationID: Hashable, Sendable {
  public var destination: IPAddress
  public var spi: SPI
  public var proto: IPProtocol
  /// Must match if the SA has one.
  public var mark: Mark?
  /// Needed for protocols other than ESP, AH and IPComp, ignored for those.
  public var source: IPAddress?

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
