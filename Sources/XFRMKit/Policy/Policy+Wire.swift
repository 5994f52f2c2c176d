extension Policy {
  /// Reads the payload of `XFRM_MSG_NEWPOLICY` or `XFRM_MSG_UPDPOLICY`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: PolicyWire = try reader.read()
    try wire.requireKnownFamily(at: start)
    self.init(wire)
    try readAttributes(from: reader)
  }

  /// Takes in the fixed part.
  init(_ wire: PolicyWire, at start: Int) throws(MalformedMessage) {
    try wire.requireKnownFamily(at: start)
    self.init(wire)
  }

  // An initialiser that throws would copy what it made once more.
  private init(_ wire: PolicyWire) {
    selector = wire.selector.selector(assuming: wire.selector.family)
    direction = wire.direction
    action = wire.action
    templates = []
    priority = wire.priority
    index = wire.index
    lifetime = wire.lifetime
    flags = wire.flags
    share = wire.share
    usage = wire.usage
  }

  /// Whether the kernel it was read from told its ``kind``, as those with
  /// `CONFIG_XFRM_SUB_POLICY` do.
  package var isKindTold: Bool { attributeSequence.contains(.policyType) }

  /// Writes the fixed part and then the attributes.
  func encode(into message: inout MessageBuilder, form: MessageForm) {
    appendBody(to: &message, form: form)
    appendAttributes(to: &message, form: form)
  }

  /// Writes the fixed part.
  func appendBody(to message: inout MessageBuilder, form: MessageForm) {
    selector.requireOneFamily(in: &message)
    for template in templates {
      message.requireFamily(template.destination.family, of: template.source, "a template")
    }
    var wire = PolicyWire(self)
    if form == .asReceived { wire.usage = usage }
    message.append(wire)
  }
}

extension PolicyWire {
  fileprivate func requireKnownFamily(at start: Int) throws(MalformedMessage) {
    guard selector.family == .ipv4 || selector.family == .ipv6 else {
      throw .unexpectedValue(at: start + 40, field: "address family \(selector.family.rawValue)")
    }
  }

  /// Leaves out what only the kernel says.
  init(_ policy: Policy) {
    selector = SelectorWire(policy.selector)
    lifetime = policy.lifetime
    priority = policy.priority
    index = policy.index
    direction = policy.direction
    action = policy.action
    flags = policy.flags
    share = policy.share
  }
}

extension Policy: AttributeCarrier {
  static let requestOrder: [AttributeType] = [
    .templates, .securityContext, .policyType, .mark, .interfaceID, .offload,
  ]

  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool {
    var payload = attribute.reader
    switch attribute.type {
    case .templates:
      templates = []
      while !payload.isAtEnd {
        templates.append(
          try payload.read(TemplateWire.self).template(assuming: selector.family))
      }
    case .policyType: kind = try payload.read(PolicyKindWire.self).kind
    case .mark: mark = try payload.read(Mark.self)
    case .interfaceID: interfaceID = try payload.read()
    case .offload: offload = try payload.read(SecurityAssociation.Offload.self)
    case .securityContext:
      guard let context = try SecurityContext(from: &payload) else { return false }
      securityContext = context
    default: return false
    }
    return true
  }

  func append(_ type: AttributeType, form: MessageForm, to message: inout MessageBuilder) {
    switch type {
    // An empty list is refused (ERANGE); no list is none.
    case .templates where !templates.isEmpty:
      message.append(type) { message in
        for template in templates { message.append(TemplateWire(template)) }
      }
    case .policyType where form == .request && kind == .main: break
    case .policyType: kind.encode(into: &message)
    case .mark: message.append(type, ifPresent: mark)
    case .interfaceID: message.append(type, ifPresent: interfaceID)
    case .offload: message.append(type, ifPresent: offload)
    case .securityContext: securityContext?.encode(into: &message)
    default: break
    }
  }
}
