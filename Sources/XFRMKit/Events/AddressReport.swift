/// Mobile IPv6: a packet with a destination option or routing header that no state is for. `struct
/// xfrm_user_report`
public struct AddressReport: Hashable, Sendable {
  /// The header: `IPPROTO_DSTOPTS` (60) or `IPPROTO_ROUTING` (43).
  public var proto: IPProtocol
  /// The packet.
  public var selector: Selector
  /// The care-of address that it named, if it did: `XFRMA_COADDR`.
  public var careOfAddress: IPAddress?
}

/// `struct xfrm_user_report`
struct AddressReportWire: WireStruct {
  static var size: Int { 60 }
  var proto = IPProtocol.any
  var selector = SelectorWire()

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("proto", &proto)
    try wire.padding(3)
    try wire.structure("sel", &selector)
  }
}

extension AddressReport {
  /// Reads the payload of `XFRM_MSG_REPORT`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let wire: AddressReportWire = try reader.read()
    proto = wire.proto
    selector = wire.selector.selector(assuming: .ipv6)
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      guard attribute.type == .careOfAddress else { continue }
      var payload = attribute.reader
      careOfAddress = try payload.read(AddressWire.self).address(.ipv6)
    }
  }
}
