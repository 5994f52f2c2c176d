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
    case .expireAssociation: .expireAssociation
    case .expirePolicy: .expirePolicy
    case .setCheckpoint: .newCheckpoint
    case .migrate: .migrate
    case .acquire: .acquire
    case .setDefaultActions: .setDefaultActions
    case .setHashThresholds: .newSPDInfo
    }
  }

  /// The kernel wants to hear that what there is will be replaced.
  public var messageFlags: MessageFlags {
    if case .setCheckpoint = self { .replace } else { [] }
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
    case .expireAssociation(let id, let isHard): id.encodeExpiry(isHard: isHard, into: &message)
    case .expirePolicy(let key, let isHard): key.encodeExpiry(isHard: isHard, into: &message)
    case .setCheckpoint(let checkpoint): checkpoint.encode(into: &message)
    case .migrate(let migration): migration.encode(into: &message)
    case .acquire(let acquire): acquire.encode(into: &message)
    case .setDefaultActions(let actions): message.append(actions)
    case .setHashThresholds(let ipv4, let ipv6):
      message.append(UInt32.max)  // Flags of no meaning.
      message.append(.thresholdIPv4, ifPresent: ipv4)
      message.append(.thresholdIPv6, ifPresent: ipv6)
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
    encodeAttributes(into: &message)
  }

  func encodeAttributes(into message: inout MessageBuilder) {
    securityContext?.encode(into: &message)
    if kind != .main { kind.encode(into: &message) }
    message.append(.mark, ifPresent: mark)
    message.append(.interfaceID, ifPresent: interfaceID)
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
