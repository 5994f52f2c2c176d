/// `struct xfrm_user_migrate`
struct MigrationEntryWire: WireStruct {
  static var size: Int { 76 }
  var oldDestination = AddressWire()
  var oldSource = AddressWire()
  var newDestination = AddressWire()
  var newSource = AddressWire()
  var proto = IPProtocol.any
  var mode = Mode.transport
  var reserved: UInt16 = 0
  var requestID: UInt32 = 0
  var oldFamily = AddressFamily.unspecified
  var newFamily = AddressFamily.unspecified

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("old_daddr", &oldDestination)
    try wire.structure("old_saddr", &oldSource)
    try wire.structure("new_daddr", &newDestination)
    try wire.structure("new_saddr", &newSource)
    try wire.field("proto", &proto)
    try wire.field("mode", &mode)
    try wire.field("reserved", &reserved)
    try wire.field("reqid", &requestID)
    try wire.field("old_family", &oldFamily)
    try wire.field("new_family", &newFamily)
  }
}

/// `struct xfrm_user_kmaddress`
struct KeyManagerAddressesWire: WireStruct {
  static var size: Int { 40 }
  var local = AddressWire()
  var remote = AddressWire()
  var reserved: UInt32 = 0
  var family = AddressFamily.unspecified

  mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.structure("local", &local)
    try wire.structure("remote", &remote)
    try wire.field("reserved", &reserved)
    try wire.field("family", &family)
    try wire.padding(2)
  }
}

extension MigrationEntryWire {
  init(_ entry: Migration.Entry) {
    oldDestination = AddressWire(entry.old.destination)
    oldSource = AddressWire(entry.old.source)
    newDestination = AddressWire(entry.new.destination)
    newSource = AddressWire(entry.new.source)
    proto = entry.proto
    mode = entry.mode
    requestID = entry.requestID
    oldFamily = entry.old.destination.family
    newFamily = entry.new.destination.family
  }

  var entry: Migration.Entry {
    Migration.Entry(
      from: Migration.Entry.Endpoints(
        from: oldSource.address(oldFamily), to: oldDestination.address(oldFamily)),
      to: Migration.Entry.Endpoints(
        from: newSource.address(newFamily), to: newDestination.address(newFamily)),
      proto: proto, mode: mode, requestID: requestID)
  }
}

extension Migration: AttributeCarrier {
  static let requestOrder: [AttributeType] = [
    .keyManagerAddresses, .encapsulation, .policyType, .migrations, .interfaceID, .offload,
  ]

  /// Reads the payload of `XFRM_MSG_MIGRATE`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let wire: PolicyKeyWire = try reader.read()
    self.init(
      wire.selector.selector(assuming: .ipv4), direction: wire.direction, entries: [])
    try readAttributes(from: reader)
  }

  func encode(into message: inout MessageBuilder) {
    selector.requireOneFamily(in: &message)
    for entry in entries {
      for ends in [entry.old, entry.new] {
        message.requireFamily(ends.destination.family, of: ends.source, "a migration")
      }
    }
    message.append(PolicyKeyWire(PolicyKey(selector, direction: direction)))
    appendAttributes(to: &message, form: .request)
  }

  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool {
    var payload = attribute.reader
    switch attribute.type {
    case .migrations:
      // A request has one attribute for all, an announcement one for each.
      while !payload.isAtEnd {
        entries.append(try payload.read(MigrationEntryWire.self).entry)
      }
    case .keyManagerAddresses:
      let wire: KeyManagerAddressesWire = try payload.read()
      keyManagerAddresses = KeyManagerAddresses(
        local: wire.local.address(wire.family), remote: wire.remote.address(wire.family))
    case .encapsulation:
      encapsulation = try payload.read(EncapsulationWire.self).encapsulation(selector.family)
    case .policyType: kind = try payload.read(PolicyKindWire.self).kind
    case .interfaceID: interfaceID = try payload.read()
    case .offload: offload = try payload.read(SecurityAssociation.Offload.self)
    default: return false
    }
    return true
  }

  func append(_ type: AttributeType, form: MessageForm, to message: inout MessageBuilder) {
    switch type {
    case .migrations where !entries.isEmpty:
      message.append(type) { message in
        for entry in entries { message.append(MigrationEntryWire(entry)) }
      }
    case .keyManagerAddresses:
      guard let keyManagerAddresses else { return }
      var wire = KeyManagerAddressesWire()
      wire.local = AddressWire(keyManagerAddresses.local)
      wire.remote = AddressWire(keyManagerAddresses.remote)
      wire.family = keyManagerAddresses.remote.family
      message.append(type, wire)
    case .encapsulation:
      message.append(type, ifPresent: encapsulation.map { EncapsulationWire($0) })
    case .policyType where kind != .main: kind.encode(into: &message)
    case .interfaceID: message.append(type, ifPresent: interfaceID)
    case .offload: message.append(type, ifPresent: offload)
    default: break
    }
  }
}
