/// Takes a message of XFRM apart.
struct Dissector {
  private(set) var parts: [RequestAnatomy.Part] = []
  /// Where the bytes of keys are, counted from the message's first byte.
  private(set) var keys: [Range<Int>] = []
  /// Of addresses in attributes.
  private var family: AddressFamily?

  mutating func take(apart bytes: Span<UInt8>) throws(MalformedMessage) {
    var messages = MessageReader(bytes)
    guard let message = try messages.next() else { return }
    var reader = message.reader
    if !message.header.flags.isSuperset(of: .dump) {
      try takeFixedPart(of: message.header.type, from: &reader)
    }
    var attributes = AttributeReader(reader)
    let usesOwnNumbers = message.header.type == .newSPDInfo
    while let attribute = try attributes.next() {
      if usesOwnNumbers {
        try takeThreshold(attribute)
      } else {
        try take(attribute)
      }
    }
  }

  // MARK: Fixed parts

  private mutating func takeFixedPart(
    of type: MessageType, from reader: inout ByteReader
  ) throws(MalformedMessage) {
    switch type {
    case .newAssociation, .updateAssociation:
      try list(SecurityAssociationWire.self, from: &reader)
    case .allocateSPI:
      try list(SecurityAssociationWire.self, from: &reader)
      add("min", hexText(try reader.read(UInt32.self)))
      add("max", hexText(try reader.read(UInt32.self)))
    case .expireAssociation:
      try list(SecurityAssociationWire.self, from: &reader)
      try list(ExpiryTail.self, from: &reader)
    case .deleteAssociation, .getAssociation:
      try list(SecurityAssociationIDWire.self, from: &reader)
    case .newPolicy, .updatePolicy: try list(PolicyWire.self, from: &reader)
    case .expirePolicy:
      try list(PolicyWire.self, from: &reader)
      try list(ExpiryTail.self, from: &reader)
    case .deletePolicy, .getPolicy, .migrate: try list(PolicyKeyWire.self, from: &reader)
    case .newCheckpoint, .getCheckpoint: try list(CheckpointWire.self, from: &reader)
    case .acquire: try list(AcquireWire.self, from: &reader)
    case .setDefaultActions, .getDefaultActions: try list(DefaultActions.self, from: &reader)
    case .flushAssociations:
      add("proto", "\(IPProtocol(rawValue: try reader.read()))")
      try reader.skip(reader.remaining)
    case .newSPDInfo, .getSPDInfo, .getSADInfo: add("flags", hexText(try reader.read(UInt32.self)))
    default: break
    }
  }

  // MARK: Attributes

  private mutating func take(
    _ attribute: borrowing NetlinkAttribute
  ) throws(MalformedMessage) {
    var payload = attribute.reader
    let name = attribute.type.xfrmName ?? "attribute \(attribute.type.rawValue)"
    switch attribute.type {
    case .algorithmAEAD, .algorithmAuthenticationTruncated:
      try takeAlgorithm(name, &payload, hasCheckBits: true)
    case .algorithmAuthentication, .algorithmEncryption, .algorithmCompression:
      try takeAlgorithm(name, &payload, hasCheckBits: false)
    case .templates: try list(name, TemplateWire.self, from: &payload)
    case .migrations: try list(name, MigrationEntryWire.self, from: &payload)
    case .encapsulation: try list(name, EncapsulationWire.self, from: &payload)
    case .usage: try list(name, Usage.self, from: &payload)
    case .replayState: try list(name, ReplayState.self, from: &payload)
    case .offload: try list(name, SecurityAssociation.Offload.self, from: &payload)
    case .addressFilter: try list(name, AddressFilterWire.self, from: &payload)
    case .keyManagerAddresses: try list(name, KeyManagerAddressesWire.self, from: &payload)
    case .policyType: add(name, "\(try payload.read(PolicyKindWire.self).kind)")
    case .mark: add(name, "\(try payload.read(Mark.self))")
    case .securityContext:
      add(name, try SecurityContext(from: &payload).map { "\($0)" } ?? "")
    case .extendedReplayState:
      add(name, "")
      let state = try ExtendedReplayState(from: &payload)
      add("replay_window", "\(state.window)", depth: 1)
      add("bmp_len", "\(state.bitmap.count)", depth: 1)
      if state.outgoingSequence != 0 { add("oseq", "\(state.outgoingSequence)", depth: 1) }
      if state.incomingSequence != 0 { add("seq", "\(state.incomingSequence)", depth: 1) }
    case .sourceAddress, .careOfAddress: add(name, text(try payload.read(AddressWire.self), family))
    default: try takeNumber(name, &payload, isHexadecimal: Self.areBits.contains(attribute.type))
    }
  }

  private static let areBits: Set<AttributeType> = [
    .outputMark, .outputMarkMask, .interfaceID, .extraFlags,
  ]

  private mutating func takeAlgorithm(
    _ name: String, _ payload: inout ByteReader, hasCheckBits: Bool
  ) throws(MalformedMessage) {
    let header = try AlgorithmHeader(from: &payload, hasCheckBits: hasCheckBits)
    var words = header.name
    if payload.remaining > 0 {
      words += ", a key of \(payload.remaining) bytes"
      keys.append(payload.position..<(payload.position + payload.remaining))
    }
    if let bits = header.checkBits { words += ", \(bits) bits of check value" }
    add(name, words)
  }

  private mutating func takeNumber(
    _ name: String, _ payload: inout ByteReader, isHexadecimal: Bool
  ) throws(MalformedMessage) {
    let number: UInt32
    switch payload.remaining {
    case 0:
      add(name, "set")
      return
    case 1: number = UInt32(try payload.read(UInt8.self))
    case 2: number = UInt32(try payload.read(UInt16.self))
    case 4: number = try payload.read()
    default:
      // Nobody knows what is in it.
      keys.append(payload.position..<(payload.position + payload.remaining))
      add(name, "\(payload.remaining) bytes")
      return
    }
    add(name, isHexadecimal ? hexText(number) : "\(number)")
  }

  private mutating func takeThreshold(
    _ attribute: borrowing NetlinkAttribute
  ) throws(MalformedMessage) {
    var payload = attribute.reader
    let threshold: SPDInfo.HashThreshold = try payload.read()
    let name = attribute.type == .thresholdIPv4 ? "IPV4" : "IPV6"
    add(
      "XFRMA_SPD_\(name)_HTHRESH",
      "local \(threshold.localBits), remote \(threshold.remoteBits) bits")
  }

  // MARK: Listing

  /// Lists the fields of the struct that the message begins with, or goes on with.
  private mutating func list<S: WireStruct>(
    _ type: S.Type, from reader: inout ByteReader
  ) throws(MalformedMessage) {
    var value = try reader.read(type)
    var finder = FamilyFinder()
    value.fields(&finder)
    family = family ?? finder.families["family"]
    parts += FieldLister.parts(of: value, family: family)
  }

  /// Lists an attribute that is one struct or several.
  private mutating func list<S: WireStruct>(
    _ name: String, _ type: S.Type, from payload: inout ByteReader
  ) throws(MalformedMessage) {
    while !payload.isAtEnd {
      add(name, "")
      parts += FieldLister.parts(of: try payload.read(type), depth: 1, family: family)
    }
  }

  private mutating func add(_ name: String, _ value: String, depth: Int = 0) {
    parts.append(RequestAnatomy.Part(depth: depth, name: name, value: value))
  }
}
