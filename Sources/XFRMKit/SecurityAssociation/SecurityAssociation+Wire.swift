extension SecurityAssociation {
  /// Reads the payload of `XFRM_MSG_NEWSA` or `XFRM_MSG_UPDSA`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let start = reader.position
    let wire: SecurityAssociationWire = try reader.read()
    try wire.requireKnownFamily(at: start)
    self.init(wire)
    try readAttributes(from: reader)
  }

  /// Takes in the fixed part.
  init(_ wire: SecurityAssociationWire, at start: Int) throws(MalformedMessage) {
    try wire.requireKnownFamily(at: start)
    self.init(wire)
  }

  // An initialiser that throws would copy what it made once more.
  private init(_ wire: SecurityAssociationWire) {
    source = wire.saddr.address(wire.family)
    destination = wire.identity.daddr.address(wire.family)
    spi = wire.identity.spi
    proto = wire.identity.proto
    mode = wire.mode
    requestID = wire.requestID
    selector = wire.selector.selector(assuming: wire.family)
    flags = wire.flags
    lifetime = wire.lifetime
    replayWindow = wire.replayWindow
    sequence = wire.sequence
    usage = wire.usage
    statistics = wire.statistics
  }

  /// Writes the fixed part and then the attributes.
  func encode(into message: inout MessageBuilder, form: MessageForm) {
    message.requireFamily(family, of: source, "an SA")
    message.requireFamily(family, of: careOfAddress, "an SA")
    selector.requireOneFamily(in: &message)
    var wire = SecurityAssociationWire(self)
    if form == .asReceived {
      wire.usage = usage
      wire.statistics = statistics
    }
    message.append(wire)
    appendAttributes(to: &message, form: form)
  }
}

extension SecurityAssociationWire {
  fileprivate func requireKnownFamily(at start: Int) throws(MalformedMessage) {
    guard family == .ipv4 || family == .ipv6 else {
      throw .unexpectedValue(at: start + 212, field: "address family \(family.rawValue)")
    }
  }

  /// Leaves out what only the kernel says.
  init(_ association: SecurityAssociation) {
    selector = SelectorWire(association.selector)
    identity.daddr = AddressWire(association.destination)
    identity.spi = association.spi
    identity.proto = association.proto
    saddr = AddressWire(association.source)
    lifetime = association.lifetime
    sequence = association.sequence
    requestID = association.requestID
    family = association.family
    mode = association.mode
    replayWindow = association.replayWindow
    flags = association.flags
  }
}

extension SecurityAssociation: AttributeCarrier {
  static let requestOrder: [AttributeType] = [
    .extraFlags, .careOfAddress, .algorithmAEAD, .algorithmAuthentication,
    .algorithmAuthenticationTruncated, .algorithmEncryption, .algorithmCompression,
    .encapsulation, .trafficFlowPadding, .mark, .outputMark, .outputMarkMask,
    .extendedReplayState, .replayState, .offload, .interfaceID, .securityContext,
    .iptfsDropTime, .iptfsReorderWindow, .iptfsDontFragment, .iptfsInitialDelay,
    .iptfsQueueSize, .iptfsPacketSize, .mappingThreshold, .cpu, .direction, .natKeepalive,
    .usage, .replayThreshold, .timerThreshold,
  ]

  mutating func read(_ attribute: borrowing NetlinkAttribute) throws(MalformedMessage) -> Bool {
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
    case .cpu: cpu = try payload.read()
    case .natKeepalive: natKeepaliveSeconds = try payload.read()
    case .mappingThreshold: mappingThresholdSeconds = try payload.read()
    case .usage: initialUsage = try payload.read(Usage.self)
    case .replayThreshold: checkpointPackets = try payload.read()
    case .timerThreshold: checkpointJiffies = try payload.read()
    case .securityContext:
      guard let context = try SecurityContext(from: &payload) else { return false }
      securityContext = context
    default: return try iptfs.read(attribute)
    }
    return true
  }

  func append(_ type: AttributeType, form: MessageForm, to message: inout MessageBuilder) {
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
      // Asked for once: kernels of before 2026 lose the truncation of `cmac(aes)` if the
      // untruncated form comes with it.
      if let authentication, form == .asReceived || authentication.truncationBits == nil {
        message.append(type) { authentication.encode(into: &$0, isTruncated: false) }
      }
    case .encapsulation:
      if let encapsulation { message.append(type, EncapsulationWire(encapsulation)) }
    case .extraFlags: message.append(type, ifPresent: extraFlags?.rawValue)
    case .replayState: message.append(type, ifPresent: replayState)
    case .extendedReplayState:
      if let extendedReplayState {
        message.append(type) {
          extendedReplayState.encode(into: &$0, leavesOutEmptyBitmap: form == .request)
        }
      }
    case .mark: message.append(type, ifPresent: mark)
    case .outputMark: message.append(type, ifPresent: outputMark)
    case .outputMarkMask: message.append(type, ifPresent: outputMarkMask)
    case .interfaceID: message.append(type, ifPresent: interfaceID)
    case .direction: message.append(type, ifPresent: direction?.rawValue)
    case .careOfAddress: message.append(type, ifPresent: careOfAddress.map { AddressWire($0) })
    case .trafficFlowPadding: message.append(type, ifPresent: trafficFlowPadding)
    case .offload: message.append(type, ifPresent: offload)
    case .lastUsed: message.append(type, ifPresent: lastUsedAt)
    case .cpu: message.append(type, ifPresent: cpu)
    case .natKeepalive: message.append(type, ifPresent: natKeepaliveSeconds)
    case .mappingThreshold: message.append(type, ifPresent: mappingThresholdSeconds)
    case .usage: message.append(type, ifPresent: initialUsage)
    case .replayThreshold: message.append(type, ifPresent: checkpointPackets)
    case .timerThreshold: message.append(type, ifPresent: checkpointJiffies)
    case .securityContext: securityContext?.encode(into: &message)
    default: iptfs.append(type, to: &message)
    }
  }
}

extension MessageBuilder {
  mutating func append(_ other: OtherAttribute) {
    append(other.type, nested: other.isNested) { message in
      other.payload.withBytes { message.append($0) }
    }
  }
}
