/// A packet of an SA with UDP encapsulation came from another address or port than the SA has: a NAT
/// has changed its mind. `struct xfrm_user_mapping`
public struct AddressMapping: Hashable, Sendable {
  /// An address and a UDP port.
  public struct Endpoint: Hashable, Sendable {
    /// IPv4 or IPv6.
    public var address: IPAddress
    /// In the host's byte order.
    public var port: UInt16

    /// An address and a UDP port.
    public init(_ address: IPAddress, port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  /// The SA that the packet belongs to.
  public var id: SecurityAssociationID
  /// The SA's request ID.
  public var requestID: UInt32
  /// Where the SA expects the peer.
  public var old: Endpoint
  /// Where it is now.
  public var new: Endpoint
}

/// `struct xfrm_user_mapping`
struct AddressMappingWire: WireStruct {
  static var size: Int { 64 }
  var identity = SecurityAssociationIDWire()
  var requestID: UInt32 = 0
  var oldSource = AddressWire()
  var newSource = AddressWire()
  var oldPort: UInt16 = 0
  var newPort: UInt16 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("id", &identity)
    try wire.field("reqid", &requestID)
    try wire.structure("old_saddr", &oldSource)
    try wire.structure("new_saddr", &newSource)
    try wire.bigEndian("old_sport", &oldPort)
    try wire.bigEndian("new_sport", &newPort)
  }
}

extension AddressMapping {
  /// Reads the payload of `XFRM_MSG_MAPPING`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: AddressMappingWire = try reader.read()
    id = try wire.identity.id(at: start)
    let family = id.destination.family
    id.source = wire.oldSource.address(family)
    requestID = wire.requestID
    old = Endpoint(wire.oldSource.address(family), port: wire.oldPort)
    new = Endpoint(wire.newSource.address(family), port: wire.newPort)
  }
}
