extension XFRMEvent {
  /// Reads an announcement, or an entry of a list.
  package init(_ message: borrowing NetlinkMessage) throws(MalformedMessage) {
    content = try Content(message)
    header = message.header
  }
}

extension XFRMEvent.Content {
  init(_ message: borrowing NetlinkMessage) throws(MalformedMessage) {
    var reader = message.reader
    switch message.header.type {
    case .newAssociation: self = .associationAdded(try SecurityAssociation(from: reader))
    case .updateAssociation: self = .associationUpdated(try SecurityAssociation(from: reader))
    case .deleteAssociation:
      self = .associationDeleted(try SecurityAssociation(fromDeletion: reader))
    case .flushAssociations: self = .associationsFlushed(IPProtocol(rawValue: try reader.read()))
    case .expireAssociation: self = .associationExpired(try AssociationExpiry(from: reader))
    case .newCheckpoint: self = .checkpoint(try AssociationCheckpoint(from: reader))
    case .mapping: self = .mapping(try AddressMapping(from: reader))
    case .newPolicy: self = .policyAdded(try Policy(from: reader))
    case .updatePolicy: self = .policyUpdated(try Policy(from: reader))
    case .deletePolicy: self = .policyDeleted(try Policy(fromDeletion: reader))
    case .flushPolicies: self = .policiesFlushed(try Policy.Kind(fromFlush: reader))
    case .expirePolicy: self = .policyExpired(try PolicyExpiry(from: reader))
    case .getDefaultActions, .setDefaultActions:
      self = .defaultActionsChanged(try reader.read(DefaultActions.self))
    case .acquire: self = .acquire(try Acquire(from: reader))
    case .migrate: self = .migrated(try Migration(from: reader))
    case .report: self = .report(try AddressReport(from: reader))
    default: self = .other(message.header.type, payload: Secret(message.payload))
    }
  }
}

extension SecurityAssociation {
  /// Reads the payload of `XFRM_MSG_DELSA` as announced: its key, then itself as an attribute, then
  /// its attributes.
  fileprivate init(fromDeletion reader: consuming ByteReader) throws(MalformedMessage) {
    try reader.skip(SecurityAssociationIDWire.size)
    self = try SecurityAssociation(wholeIn: .association, reader) {
      (payload, start) throws(MalformedMessage) in
      try SecurityAssociation(try payload.read(SecurityAssociationWire.self), at: start)
    }
  }
}

extension Policy {
  /// Reads the payload of `XFRM_MSG_DELPOLICY` as announced: its key, then itself as an attribute,
  /// then its attributes.
  fileprivate init(fromDeletion reader: consuming ByteReader) throws(MalformedMessage) {
    try reader.skip(PolicyKeyWire.size)
    self = try Policy(wholeIn: .policy, reader) {
      (payload, start) throws(MalformedMessage) in
      try Policy(try payload.read(PolicyWire.self), at: start)
    }
  }
}

extension AttributeCarrier {
  /// Reads an object whose fixed part is an attribute among the others.
  fileprivate init(
    wholeIn type: AttributeType, _ reader: consuming ByteReader,
    _ decode: (inout ByteReader, Int) throws(MalformedMessage) -> Self
  ) throws(MalformedMessage) {
    var whole: Self?
    let position = reader.position
    var search = AttributeReader(copy reader)
    while whole == nil, let attribute = try search.next() {
      guard attribute.type == type else { continue }
      var payload = attribute.reader
      whole = try decode(&payload, attribute.position)
    }
    guard var whole else {
      throw .unexpectedValue(at: position, field: "a deletion without the object")
    }
    try whole.readAttributes(from: reader, except: type)
    self = whole
  }
}

extension Policy.Kind {
  /// Reads the payload of `XFRM_MSG_FLUSHPOLICY`. Kernels without sub policies leave the attribute
  /// out.
  fileprivate init(fromFlush reader: consuming ByteReader) throws(MalformedMessage) {
    self = .main
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      guard attribute.type == .policyType else { continue }
      var payload = attribute.reader
      self = try payload.read(PolicyKindWire.self).kind
    }
  }
}
