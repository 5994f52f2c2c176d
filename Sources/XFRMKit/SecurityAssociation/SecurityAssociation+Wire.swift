extension SecurityAssociation {
  /// Reads the payload of `XFRM_MSG_NEWSA` or `XFRM_MSG_UPDSA`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: SecurityAssociationWire = try reader.read()
    guard wire.family == .ipv4 || wire.family == .ipv6 else {
      throw .unexpectedValue(at: start + 212, field: "address family \(wire.family.rawValue)")
    }
    self.init(
      from: wire.saddr.address(wire.family), to: wire.identity.daddr.address(wire.family),
      spi: wire.identity.spi, proto: wire.identity.proto, mode: wire.mode)
    requestID = wire.requestID
    selector = wire.selector.selector(assuming: wire.family)
    flags = wire.flags
    lifetime = wire.lifetime
    replayWindow = wire.replayWindow
    sequence = wire.sequence
    usage = wire.usage
    statistics = wire.statistics

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
    case .algorithmAEAD: aead = try AEAD(from: &payload)
    case .algorithmEncryption: encryption = try Encryption(from: &payload)
    case .algorithmCompression: compression = try Compression(from: &payload)
    case .algorithmAuthenticationTruncated:
      authentication = try Authentication(from: &payload, isTruncated: true)
    case .algorithmAuthentication:
      // A dump describes one algorithm twice; only the other attribute tells the truncation.
      let untruncated = try Authentication(from: &payload, isTruncated: false)
      if authentication == nil { authentication = untruncated }
    case .encapsulation:
      encapsulation = try payload.read(EncapsulationWire.self).encapsulation(family)
    case .extraFlags: extraFlags = ExtraFlags(rawValue: try payload.read())
    case .replayState: replayState = try payload.read(ReplayState.self)
    case .extendedReplayState: extendedReplayState = try ExtendedReplayState(from: &payload)
    case .mark: mark = try payload.read(Mark.self)
    case .outputMark: outputMark = try payload.read()
    case .outputMarkMask: outputMarkMask = try payload.read()
    case .interfaceID: interfaceID = try payload.read()
    case .direction: direction = Direction(rawValue: try payload.read())
    case .careOfAddress: careOfAddress = try payload.read(AddressWire.self).address(family)
    case .trafficFlowPadding: trafficFlowPadding = try payload.read()
    case .offload: offload = try payload.read(Offload.self)
    case .lastUsed: lastUsedAt = try payload.read()
    default: return false
    }
    return true
  }

  /// Writes the fixed part and then the attributes, each once.
  ///
  /// - Parameter form: A request leaves out what only the kernel says, and describes the
  ///   authentication once: kernels of before 2026 lose the truncation of `cmac(aes)` if the
  ///   untruncated form comes with it.
  func encode(into message: inout MessageBuilder, form: MessageForm) {
    message.requireFamily(family, of: [source, careOfAddress], "an SA")
    selector.requireOneFamily(in: &message)
    var wire = SecurityAssociationWire()
    wire.selector = SelectorWire(selector)
    wire.identity.daddr = AddressWire(destination)
    wire.identity.spi = spi
    wire.identity.proto = proto
    wire.saddr = AddressWire(source)
    wire.lifetime = lifetime
    wire.sequence = sequence
    wire.requestID = requestID
    wire.family = family
    wire.mode = mode
    wire.replayWindow = replayWindow
    wire.flags = flags
    if form == .asReceived {
      wire.usage = usage
      wire.statistics = statistics
    }
    message.append(wire)

    var others = otherAttributes[...]
    switch form {
    case .request:
      for type in Self.requestOrder
      where type != .algorithmAuthentication || authentication?.truncationBits == nil {
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

  /// The order in which the kernel lists them.
  private static let requestOrder: [AttributeType] = [
    .extraFlags, .careOfAddress, .algorithmAEAD, .algorithmAuthenticationTruncated,
    .algorithmAuthentication, .algorithmEncryption, .algorithmCompression, .encapsulation,
    .trafficFlowPadding, .mark, .outputMark, .outputMarkMask, .extendedReplayState, .replayState,
    .offload, .interfaceID, .direction,
  ]

  /// Writes one attribute, if there is something to write.
  private func append(_ type: AttributeType, to message: inout MessageBuilder) {
    switch type {
    case .algorithmAEAD:
      if let aead { message.append(type) { aead.encode(into: &$0) } }
    case .algorithmEncryption:
      if let encryption { message.append(type) { encryption.encode(into: &$0) } }
    case .algorithmCompression:
      if let compression { message.append(type) { compression.encode(into: &$0) } }
    case .algorithmAuthenticationTruncated:
      if let authentication, authentication.truncationBits != nil {
        message.append(type) { authentication.encode(into: &$0, isTruncated: true) }
      }
    case .algorithmAuthentication:
      if let authentication {
        message.append(type) { authentication.encode(into: &$0, isTruncated: false) }
      }
    case .encapsulation:
      if let encapsulation { message.append(type, EncapsulationWire(encapsulation)) }
    case .extraFlags: if let extraFlags { message.append(type, extraFlags.rawValue) }
    case .replayState: if let replayState { message.append(type, replayState) }
    case .extendedReplayState:
      if let extendedReplayState {
        message.append(type) { extendedReplayState.encode(into: &$0) }
      }
    case .mark: if let mark { message.append(type, mark) }
    case .outputMark: if let outputMark { message.append(type, outputMark) }
    case .outputMarkMask: if let outputMarkMask { message.append(type, outputMarkMask) }
    case .interfaceID: if let interfaceID { message.append(type, interfaceID) }
    case .direction: if let direction { message.append(type, direction.rawValue) }
    case .careOfAddress:
      if let careOfAddress { message.append(type, AddressWire(careOfAddress)) }
    case .trafficFlowPadding:
      if let trafficFlowPadding { message.append(type, trafficFlowPadding) }
    case .offload: if let offload { message.append(type, offload) }
    case .lastUsed: if let lastUsedAt { message.append(type, lastUsedAt) }
    default: break
    }
  }
}

/// What an object is written for.
enum MessageForm {
  /// To ask for it.
  case request
  /// To repeat the message it was read from, byte for byte.
  case asReceived
}

extension MessageBuilder {
  mutating func append(_ other: OtherAttribute) {
    append(other.type, nested: other.isNested) { message in
      other.payload.withBytes { message.append($0) }
    }
  }
}
