/// An SA has reached a limit of its lifetime: `struct xfrm_user_expire`.
public struct AssociationExpiry: Equatable, Sendable {
  /// As it was at that moment, without its keys.
  public var association: SecurityAssociation
  /// Whether it is gone. If not, it is time to renew it, which is said once.
  public var isHard: Bool
}

/// A policy has reached a limit of its lifetime: `struct xfrm_user_polexpire`.
public struct PolicyExpiry: Equatable, Sendable {
  /// As it was at that moment.
  public var policy: Policy
  /// Whether it is gone. If not, this is said again every 30 seconds.
  public var isHard: Bool
}

// MARK: - Wire

/// What both structs end with: `hard` and seven bytes without a meaning.
struct ExpiryTail: WireStruct {
  static var size: Int { 8 }
  var hard: UInt8 = 0

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("hard", &hard)
    try wire.padding(7)
  }
}

extension AssociationExpiry {
  /// Reads the payload of `XFRM_MSG_EXPIRE`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    association = try SecurityAssociation(
      try reader.read(SecurityAssociationWire.self), at: start)
    isHard = try reader.read(ExpiryTail.self).hard != 0
    try association.readAttributes(from: reader)
  }
}

extension PolicyExpiry {
  /// Reads the payload of `XFRM_MSG_POLEXPIRE`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    policy = try Policy(try reader.read(PolicyWire.self), at: start)
    isHard = try reader.read(ExpiryTail.self).hard != 0
    try policy.readAttributes(from: reader)
  }
}

extension SecurityAssociationID {
  /// Writes a request that it expire.
  func encodeExpiry(isHard: Bool, into message: inout MessageBuilder) {
    var wire = SecurityAssociationWire()
    wire.identity.daddr = AddressWire(destination)
    wire.identity.spi = spi
    wire.identity.proto = proto
    wire.family = destination.family
    message.append(wire)
    message.append(ExpiryTail(isHard: isHard))
    message.append(.mark, ifPresent: mark)
  }
}

extension PolicyKey {
  /// Writes a request that it expire.
  func encodeExpiry(isHard: Bool, into message: inout MessageBuilder) {
    selector.requireOneFamily(in: &message)
    var wire = PolicyWire()
    wire.selector = SelectorWire(selector)
    wire.index = index
    wire.direction = direction
    message.append(wire)
    message.append(ExpiryTail(isHard: isHard))
    encodeAttributes(into: &message)
  }
}

extension ExpiryTail {
  init(isHard: Bool) { hard = isHard ? 1 : 0 }
}
