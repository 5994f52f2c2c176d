/// `struct xfrm_usersa_info`
struct SecurityAssociationWire: WireStruct {
  static var size: Int { 224 }
  var selector = SelectorWire()
  var identity = IdentityWire()
  var saddr = AddressWire()
  var lifetime = Lifetime()
  var usage = Usage()
  var statistics = SecurityAssociation.Statistics()
  var sequence: UInt32 = 0
  var requestID: UInt32 = 0
  var family = AddressFamily.unspecified
  var mode = Mode.transport
  var replayWindow: UInt8 = 0
  var flags: SecurityAssociation.Flags = []

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("sel", &selector)
    try wire.structure("id", &identity)
    try wire.structure("saddr", &saddr)
    try wire.structure("lft", &lifetime)
    try wire.structure("curlft", &usage)
    try wire.structure("stats", &statistics)
    try wire.field("seq", &sequence)
    try wire.field("reqid", &requestID)
    try wire.field("family", &family)
    try wire.field("mode", &mode)
    try wire.field("replay_window", &replayWindow)
    try wire.field("flags", &flags)
    try wire.padding(7)
  }
}

/// `struct xfrm_usersa_id`
struct SecurityAssociationIDWire: WireStruct {
  static var size: Int { 24 }
  var daddr = AddressWire()
  var spi: SPI = 0
  var family = AddressFamily.unspecified
  var proto = IPProtocol.any

  init() {}

  init(_ id: SecurityAssociationID) {
    daddr = AddressWire(id.destination)
    spi = id.spi
    family = id.destination.family
    proto = id.proto
  }

  func id(at start: Int) throws(MalformedMessage) -> SecurityAssociationID {
    guard family == .ipv4 || family == .ipv6 else {
      throw .unexpectedValue(at: start + 20, field: "address family \(family.rawValue)")
    }
    return SecurityAssociationID(destination: daddr.address(family), spi: spi, proto: proto)
  }

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("daddr", &daddr)
    try wire.bigEndian("spi", &spi.rawValue)
    try wire.field("family", &family)
    try wire.field("proto", &proto)
    try wire.padding(1)
  }
}
