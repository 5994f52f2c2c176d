/// Which SAs the kernel lists. It knows no other filters; since Linux 3.15.
public struct AssociationFilter: Hashable, Sendable {
  /// ``IPProtocol/any`` for all, ``IPProtocol/ipsec`` for ESP, AH and IPComp.
  public var proto: IPProtocol
  /// SAs whose own addresses are of this family; unspecified for both.
  public var family = AddressFamily.unspecified
  /// SAs whose source lies within.
  public var source: IPPrefix?
  /// SAs whose destination lies within.
  public var destination: IPPrefix?

  /// Lists SAs that meet all of it. Both prefixes must be of one family.
  public init(
    _ proto: IPProtocol = .any, source: IPPrefix? = nil, destination: IPPrefix? = nil
  ) {
    self.proto = proto
    self.source = source
    self.destination = destination
  }
}

/// `struct xfrm_address_filter`
struct AddressFilterWire: WireStruct {
  static var size: Int { 36 }
  var saddr = AddressWire()
  var daddr = AddressWire()
  var family = AddressFamily.unspecified
  var sourceLength: UInt8 = 0
  var destinationLength: UInt8 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("saddr", &saddr)
    try wire.structure("daddr", &daddr)
    try wire.field("family", &family)
    try wire.field("splen", &sourceLength)
    try wire.field("dplen", &destinationLength)
  }
}

extension AssociationFilter {
  /// Writes attributes only: a dump takes them straight after the header, and a struct there would
  /// hide them.
  func encode(into message: inout MessageBuilder) {
    let family = source?.family ?? destination?.family ?? family
    message.requireFamily(family, of: source?.address, "a filter")
    message.requireFamily(family, of: destination?.address, "a filter")
    if family != .unspecified { encodeAddresses(family, into: &message) }
    if proto != .any { message.append(.dumpProtocol, proto.rawValue) }
  }

  private func encodeAddresses(_ family: AddressFamily, into message: inout MessageBuilder) {
    var wire = AddressFilterWire()
    wire.family = family
    if let source {
      wire.saddr = AddressWire(source.address)
      wire.sourceLength = source.length
    }
    if let destination {
      wire.daddr = AddressWire(destination.address)
      wire.destinationLength = destination.length
    }
    message.append(.addressFilter, wire)
  }
}
