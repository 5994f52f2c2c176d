/// `struct xfrm_id`
struct IdentityWire: WireStruct {
  static var size: Int { 24 }
  var daddr = AddressWire()
  var spi: SPI = 0
  var proto = IPProtocol.any

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("daddr", &daddr)
    try wire.bigEndian("spi", &spi.rawValue)
    try wire.field("proto", &proto)
    try wire.padding(3)
  }
}
