extension Operation: NetlinkRequest {
  public var messageType: MessageType {
    switch self {
    case .addAssociation: .newAssociation
    case .updateAssociation: .updateAssociation
    case .deleteAssociation: .deleteAssociation
    case .flushAssociations: .flushAssociations
    case .addPolicy: .newPolicy
    case .updatePolicy: .updatePolicy
    case .deletePolicy: .deletePolicy
    case .flushPolicies: .flushPolicies
    }
  }

  public func encode(into message: inout MessageBuilder) {
    switch self {
    case .addAssociation(let association), .updateAssociation(let association):
      association.encode(into: &message, form: .request)
    case .deleteAssociation(let id): id.encode(into: &message)
    case .flushAssociations(let proto): message.append(proto.rawValue)
    case .addPolicy(let policy), .updatePolicy(let policy):
      policy.encode(into: &message, form: .request)
    case .deletePolicy(let key): key.encode(into: &message)
    case .flushPolicies(let kind): if kind != .main { kind.encode(into: &message) }
    }
  }
}

extension SecurityAssociationID {
  func encode(into message: inout MessageBuilder) {
    message.append(SecurityAssociationIDWire(self))
    if let mark { message.append(.mark, mark) }
    if let source, ![.esp, .ah, .ipComp].contains(proto) {
      message.append(.sourceAddress, AddressWire(source))
    }
  }
}

extension PolicyKey {
  func encode(into message: inout MessageBuilder) {
    selector.requireOneFamily(in: &message)
    message.append(PolicyKeyWire(self))
    if kind != .main { kind.encode(into: &message) }
    if let mark { message.append(.mark, mark) }
    if let interfaceID { message.append(.interfaceID, interfaceID) }
  }
}

extension Policy.Kind {
  /// Writes the attribute. Without one the kernel takes it for main.
  func encode(into message: inout MessageBuilder) {
    var wire = PolicyKindWire()
    wire.kind = self
    message.append(.policyType, wire)
  }
}
