/// `struct xfrm_selector`
struct SelectorWire: WireStruct {
  static var size: Int { 56 }
  var daddr = AddressWire()
  var saddr = AddressWire()
  var destinationPort = Selector.Port.any
  var sourcePort = Selector.Port.any
  var family = AddressFamily.unspecified
  var destinationLength: UInt8 = 0
  var sourceLength: UInt8 = 0
  var proto = IPProtocol.any
  var interfaceIndex: Int32 = 0
  var user: UInt32 = 0

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("daddr", &daddr)
    try wire.structure("saddr", &saddr)
    try wire.bigEndian("dport", &destinationPort.value)
    try wire.bigEndian("dport_mask", &destinationPort.mask)
    try wire.bigEndian("sport", &sourcePort.value)
    try wire.bigEndian("sport_mask", &sourcePort.mask)
    try wire.field("family", &family)
    try wire.field("prefixlen_d", &destinationLength)
    try wire.field("prefixlen_s", &sourceLength)
    try wire.field("proto", &proto)
    try wire.padding(3)
    try wire.field("ifindex", &interfaceIndex)
    try wire.field("user", &user)
  }
}

extension SelectorWire {
  init(_ selector: Selector) {
    daddr = AddressWire(selector.destination.address)
    saddr = AddressWire(selector.source.address)
    destinationPort = selector.destinationPort
    sourcePort = selector.sourcePort
    family = selector.family
    destinationLength = selector.destination.length
    sourceLength = selector.source.length
    proto = selector.proto
    interfaceIndex = selector.interfaceIndex
    user = selector.user
  }

  /// - Parameter assumed: The family to read addresses by if the selector leaves it open.
  func selector(assuming assumed: AddressFamily) -> Selector {
    // Without a family all zeros are ``Selector/unrestricted``, whatever is assumed.
    let isBlank =
      daddr == AddressWire() && saddr == AddressWire() && destinationLength | sourceLength == 0
    let reading = family != .unspecified ? family : isBlank ? .ipv4 : assumed
    var selector = Selector(
      from: IPPrefix(saddr.address(reading), length: sourceLength),
      to: IPPrefix(daddr.address(reading), length: destinationLength), proto: proto)
    selector.family = family
    selector.destinationPort = destinationPort
    selector.sourcePort = sourcePort
    selector.interfaceIndex = interfaceIndex
    selector.user = user
    return selector
  }
}
