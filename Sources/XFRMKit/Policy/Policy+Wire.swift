extension Policy {
  /// Reads the payload of `XFRM_MSG_NEWPOLICY` or `XFRM_MSG_UPDPOLICY`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: PolicyWire = try reader.read()
    let family = wire.selector.family
    guard family == .ipv4 || family == .ipv6 else {
      throw .unexpectedValue(at: start + 40, field: "address family \(family.rawValue)")
    }
    self.init(
      wire.selector.selector(assuming: family), direction: wire.direction, action: wire.action)
    priority = wire.priority
    index = wire.index
    lifetime = wire.lifetime
    flags = wire.flags
    share = wire.share
    usage = wire.usage

    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      let isKnown = try read(attribute)
      attributeSequence.append(attribute.type, isKnown: isKnown)
      if !isKnown { otherAttributes.append(OtherAttribute(attribute)) }
    }
  }

  /// Takes in an attribute; `false` if it has no property here.
  private mutating func read(
    _ attribute: borrowing NetlinkAttribute
  ) throws(MalformedMessage) -> Bool {
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
    default: return false
    }
    return true
  }

  /// Writes the fixed part and then the attributes.
  func encode(into message: inout MessageBuilder, form: MessageForm) {
    appendBody(to: &message, form: form)
    var others = otherAttributes[...]
    switch form {
    case .request:
      for type in Self.requestOrder where type != .policyType || kind != .main {
        append(type, to: &message)
      }
    case .asReceived:
      attributeSequence.forEach { type in
        if type.rawValue != AttributeSequence.other {
          append(type, to: &message)
        } else if let other = others.popFirst() {
          message.append(other)
        }
      }
    }
    for other in others { message.append(other) }
  }

  /// Writes the fixed part.
  func appendBody(to message: inout MessageBuilder, form: MessageForm) {
    selector.requireOneFamily(in: &message)
    for template in templates {
      message.requireFamily(
        template.destination.family, of: [template.source], "a template")
    }
    var wire = PolicyWire()
    wire.selector = SelectorWire(selector)
    wire.lifetime = lifetime
    wire.priority = priority
    wire.index = index
    wire.direction = direction
    wire.action = action
    wire.flags = flags
    wire.share = share
    if form == .asReceived { wire.usage = usage }
    message.append(wire)
  }

  /// The order in which the kernel lists them.
  private static let requestOrder: [AttributeType] = [
    .templates, .policyType, .mark, .interfaceID, .offload,
  ]

  /// Writes one attribute, if there is something to write.
  private func append(_ type: AttributeType, to message: inout MessageBuilder) {
    switch type {
    // An empty list is refused (ERANGE); no list is none.
    case .templates where !templates.isEmpty:
      message.append(type) { message in
        for template in templates { message.append(TemplateWire(template)) }
      }
    case .policyType: kind.encode(into: &message)
    case .mark: if let mark { message.append(type, mark) }
    case .interfaceID: if let interfaceID { message.append(type, interfaceID) }
    case .offload: if let offload { message.append(type, offload) }
    default: break
    }
  }
}
