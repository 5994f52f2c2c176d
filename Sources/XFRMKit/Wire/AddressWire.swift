/// `xfrm_address_t`: sixteen bytes, of which IPv4 uses the first four. The family stands elsewhere.
struct AddressWire: WireStruct, Equatable {
  static var size: Int { 16 }
  var high: UInt64 = 0
  var low: UInt64 = 0

  init() {}

  init(_ address: IPAddress) {
    switch address {
    case .v4(let bits): high = UInt64(bits) << 32
    case .v6(let high, let low): (self.high, self.low) = (high, low)
    }
  }

  @inline(__always) mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.bigEndian("a6[0..1]", &high)
    try wire.bigEndian("a6[2..3]", &low)
  }

  /// Whether all that IPv4 makes no use of is zero.
  var fitsIPv4: Bool { high << 32 | low == 0 }

  func address(_ family: AddressFamily) -> IPAddress {
    family == .ipv6 ? .v6(high, low) : .v4(UInt32(high >> 32))
  }
}

extension MessageBuilder {
  /// Refuses addresses of another family: their first bytes would pass for one of this.
  mutating func requireFamily(_ family: AddressFamily, of address: IPAddress?, _ what: String) {
    guard let address, address.family != family, !address.isUnspecified else { return }
    fail(.mixedFamilies(what))
  }
}

extension Selector {
  func requireOneFamily(in message: inout MessageBuilder) {
    // Of a family that nobody knows, nobody knows what its addresses look like.
    let family = family == .ipv4 || family == .ipv6 ? family : source.family
    message.requireFamily(family, of: source.address, "a selector")
    message.requireFamily(family, of: destination.address, "a selector")
  }
}
