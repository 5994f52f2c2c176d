/// One SA that a policy asks for: `struct xfrm_user_tmpl`.
public struct Template: Hashable, Sendable {
  /// Algorithms that incoming packets may have been protected with, a bit for each by PF_KEY
  /// number. With no bit set nothing passes, so the default is all.
  public struct AlgorithmMasks: Hashable, Sendable {
    /// A bit for each ``AuthenticationAlgorithm/pfKeyNumber``; the one mask that the kernel looks
    /// at.
    public var authentication = UInt32.max
    /// A bit for each ``EncryptionAlgorithm/pfKeyNumber``.
    public var encryption = UInt32.max
    /// A bit for each ``CompressionAlgorithm/pfKeyNumber``.
    public var compression = UInt32.max
    /// Allows all.
    public init() {}
  }

  // In an order that leaves few gaps in memory: there may be millions.
  /// The outer addresses in tunnel mode; in transport mode the kernel takes the packet's.
  public var source: IPAddress
  /// Of the SA's own addresses.
  public var family: AddressFamily
  /// The kernel keeps any number, though it asks only whether it is 0.
  package var optional: UInt8 = 0
  /// Without effect.
  public var share: UInt8 = 0
  /// The other end of it.
  public var destination: IPAddress
  /// ESP, AH or IPComp.
  public var proto: IPProtocol
  /// The SA's must be equal.
  public var mode: Mode
  /// The SA's must be equal; for incoming packets 0 is any.
  public var requestID: UInt32
  /// The SA's must be equal; 0 is any.
  public var spi: SPI = 0
  /// Which algorithms incoming packets may have been protected with.
  public var algorithms = AlgorithmMasks()

  /// Pass without if there is no such SA (`level use`).
  public var isOptional: Bool {
    get { optional != 0 }
    set { optional = newValue ? 1 : 0 }
  }

  /// Asks for an SA between two addresses of one family.
  public init(
    from source: IPAddress, to destination: IPAddress, proto: IPProtocol = .esp, mode: Mode,
    requestID: UInt32
  ) {
    family = destination.family
    self.source = source
    self.destination = destination
    self.proto = proto
    self.mode = mode
    self.requestID = requestID
  }

  /// Asks for the SA that `association` is, or its successors with the same request ID.
  public init(_ association: SecurityAssociation) {
    self.init(
      from: association.source, to: association.destination, proto: association.proto,
      mode: association.mode, requestID: association.requestID)
  }
}
