package import XFRMKit

// MARK: - Parts

package extension Dice {
  mutating func address(_ family: AddressFamily) -> IPAddress {
    family == .ipv6 ? .v6(number(), number()) : .v4(number())
  }

  mutating func prefix(_ family: AddressFamily) -> IPPrefix {
    IPPrefix(address(family), length: number())
  }

  mutating func port() -> Selector.Port { Selector.Port(number(), mask: number()) }

  mutating func selector(_ family: AddressFamily) -> Selector {
    var selector = Selector(from: prefix(family), to: prefix(family))
    selector.proto = IPProtocol(rawValue: number())
    selector.sourcePort = port()
    selector.destinationPort = port()
    selector.interfaceIndex = Int32(bitPattern: number())
    selector.user = number()
    return selector
  }

  mutating func lifetime() -> Lifetime {
    var lifetime = Lifetime()
    for side in [\Lifetime.soft, \.hard] {
      lifetime[keyPath: side].bytes = number()
      lifetime[keyPath: side].packets = number()
      lifetime[keyPath: side].secondsFromAdd = number()
      lifetime[keyPath: side].secondsFromUse = number()
    }
    return lifetime
  }

  mutating func name() -> String {
    chance(80) ? "rfc4106(gcm(aes))" : String(repeating: chance(50) ? "x" : "é", count: below(32))
  }

  mutating func secret() -> Secret { Secret(bytes(upTo: 70).span) }
  mutating func mark() -> Mark { Mark(number(), mask: number()) }

  mutating func offload() -> SecurityAssociation.Offload {
    SecurityAssociation.Offload(
      interfaceIndex: Int32(bitPattern: number()),
      flags: SecurityAssociation.Offload.Flags(rawValue: number()))
  }

  mutating func family() -> AddressFamily { chance(50) ? .ipv4 : .ipv6 }

  mutating func usage() -> Usage {
    var usage = Usage()
    usage.bytes = number()
    usage.packets = number()
    usage.addedAt = number()
    usage.firstUsedAt = number()
    return usage
  }

  mutating func securityContext() -> SecurityContext {
    var context = SecurityContext(label: bytes(upTo: 50))
    context.algorithm = number()
    context.domain = number()
    return context
  }

  mutating func encapsulation(_ family: AddressFamily) -> Encapsulation {
    var encapsulation = Encapsulation(
      Encapsulation.Kind(rawValue: number()), sourcePort: number(), destinationPort: number())
    let address = address(family)
    encapsulation.originalAddress = address.isUnspecified ? nil : address
    return encapsulation
  }

  mutating func replayState() -> ReplayState {
    var state = ReplayState()
    state.outgoingSequence = number()
    state.incomingSequence = number()
    state.bitmap = number()
    return state
  }

  mutating func extendedReplayState() -> ExtendedReplayState {
    var state = ExtendedReplayState(window: UInt32(below(400)))
    state.outgoingSequence = number()
    state.incomingSequence = number()
    for index in state.bitmap.indices { state.bitmap[index] = number() }
    return state
  }

  mutating func others() -> [OtherAttribute] {
    guard chance(20) else { return [] }
    // None of these has a property of an SA or a policy.
    let types: [UInt16] = [0, 6, 7, 13, 17, 19, 25, 26, 27, 42, 62, 63, 64, 1000, 0x3fff]
    return (0..<below(30)).map { _ in
      OtherAttribute(
        type: AttributeType(rawValue: types[below(types.count)]), isNested: chance(20),
        payload: secret())
    }
  }
}

// MARK: - Wholes

package extension Dice {
  mutating func association() -> SecurityAssociation {
    let family = family()
    var value = SecurityAssociation(
      from: address(family), to: address(family), spi: SPI(rawValue: number()),
      proto: IPProtocol(rawValue: number()), mode: Mode(rawValue: number()))
    value.requestID = number()
    switch below(4) {
    case 0: value.selector = .unrestricted
    case 1: value.selector = selector(chance(50) ? .ipv4 : .ipv6)
    case 2:
      value.selector = selector(family)
      value.selector.family = .unspecified
    default: value.selector = selector(family)
    }
    value.flags = SecurityAssociation.Flags(rawValue: number())
    value.lifetime = lifetime()
    value.replayWindow = number()
    value.sequence = number()

    value.aead = maybe { AEAD(name: $0.name(), key: $0.secret(), checkBits: $0.number()) }
    value.encryption = maybe { Encryption(name: $0.name(), key: $0.secret()) }
    value.authentication = maybe {
      Authentication(
        name: $0.name(), key: $0.secret(), truncationBits: $0.maybe { $0.number() })
    }
    value.compression = maybe { Compression(name: $0.name()) }
    value.encapsulation = maybe { $0.encapsulation(family) }
    value.extraFlags = maybe { SecurityAssociation.ExtraFlags(rawValue: $0.number()) }
    value.replayState = maybe { $0.replayState() }
    value.extendedReplayState = maybe { $0.extendedReplayState() }
    value.mark = maybe { $0.mark() }
    value.outputMark = maybe { $0.number() }
    value.outputMarkMask = maybe { $0.number() }
    value.interfaceID = maybe { $0.number() }
    value.direction = maybe { SecurityAssociation.Direction(rawValue: $0.number()) }
    value.careOfAddress = maybe { $0.address(family) }
    value.trafficFlowPadding = maybe { $0.number() }
    value.offload = maybe { $0.offload() }
    value.cpu = maybe { $0.number() }
    value.securityContext = maybe { $0.securityContext() }
    value.iptfs.dropTimeMicroseconds = maybe { $0.number() }
    value.iptfs.reorderWindow = maybe { $0.number() }
    value.iptfs.dontFragment = chance(50)
    value.iptfs.initialDelayMicroseconds = maybe { $0.number() }
    value.iptfs.queueBytes = maybe { $0.number() }
    value.iptfs.packetBytes = maybe { $0.number() }
    value.natKeepaliveSeconds = maybe { $0.number() }
    value.mappingThresholdSeconds = maybe { $0.number() }
    value.initialUsage = maybe { $0.usage() }
    value.checkpointPackets = maybe { $0.number() }
    value.checkpointJiffies = maybe { $0.number() }
    value.otherAttributes = others()
    return value
  }

  mutating func template(in family: AddressFamily) -> Template {
    let own = chance(50) ? family : chance(50) ? .ipv4 : .ipv6
    var template = Template(
      from: address(own), to: address(own), proto: IPProtocol(rawValue: number()),
      mode: Mode(rawValue: number()), requestID: number())
    if own == family, chance(30) { template.family = .unspecified }
    template.spi = SPI(rawValue: number())
    template.optional = number()
    template.share = number()
    template.algorithms.authentication = number()
    template.algorithms.encryption = number()
    template.algorithms.compression = number()
    return template
  }

  mutating func policy() -> Policy {
    let family = family()
    var value = Policy(
      selector(family), direction: Policy.Direction(rawValue: number()),
      action: Policy.Action(rawValue: number()))
    value.templates = (0..<below(7)).map { _ in template(in: family) }
    value.kind = Policy.Kind(rawValue: number())
    value.priority = number()
    value.index = number()
    value.lifetime = lifetime()
    value.flags = Policy.Flags(rawValue: number())
    value.share = number()
    value.mark = maybe { $0.mark() }
    value.interfaceID = maybe { $0.number() }
    value.offload = maybe { $0.offload() }
    value.securityContext = maybe { $0.securityContext() }
    value.otherAttributes = others()
    return value
  }

  mutating func checkpoint() -> AssociationCheckpoint {
    let family = family()
    let source = address(family)
    var value = AssociationCheckpoint(
      SecurityAssociationID(
        destination: address(family), spi: SPI(rawValue: number()),
        proto: IPProtocol(rawValue: number()), mark: maybe { $0.mark() }, source: source))
    value.requestID = number()
    value.flags = AssociationCheckpoint.Flags(rawValue: number())
    value.replayState = maybe { $0.replayState() }
    value.extendedReplayState = maybe { $0.extendedReplayState() }
    value.usage = maybe { $0.usage() }
    value.packets = maybe { $0.number() }
    value.timerJiffies = maybe { $0.number() }
    value.mappingThresholdSeconds = maybe { $0.number() }
    value.otherAttributes = [
      OtherAttribute(type: AttributeType(rawValue: 99), payload: secret())
    ]
    return value
  }

  mutating func migration() -> Migration {
    let family = family()
    func endpoints(_ dice: inout Dice) -> Migration.Entry.Endpoints {
      let family = dice.family()
      return Migration.Entry.Endpoints(from: dice.address(family), to: dice.address(family))
    }
    var value = Migration(
      selector(family), direction: Policy.Direction(rawValue: number()), entries: [])
    for _ in 0..<below(7) {
      value.entries.append(
        Migration.Entry(
          from: endpoints(&self), to: endpoints(&self), proto: IPProtocol(rawValue: number()),
          mode: Mode(rawValue: number()), requestID: number()))
    }
    value.kind = Policy.Kind(rawValue: number())
    value.interfaceID = maybe { $0.number() }
    value.keyManagerAddresses = maybe { dice in
      let family = dice.family()
      return Migration.KeyManagerAddresses(
        local: dice.address(family), remote: dice.address(family))
    }
    value.encapsulation = maybe { $0.encapsulation(family) }
    value.offload = maybe { $0.offload() }
    return value
  }

  mutating func acquire() -> Acquire {
    var policy = policy()
    policy.usage = Usage()
    let flow = selector(policy.selector.source.family)
    // Of the family that its template says, or else the packet's.
    var family = flow.source.family
    var destination = address(family)
    let proto = IPProtocol(rawValue: number())
    if chance(50) {
      var template = template(in: family)
      template.proto = proto
      template.mode = .tunnel
      policy.templates = [template]
      family = template.source.family
      destination = template.destination
    } else {
      policy.templates = []
    }
    var value = Acquire(
      from: address(family), to: destination, proto: proto, selector: flow, policy: policy)
    value.spi = SPI(rawValue: number())
    value.algorithms.authentication = number()
    value.sequence = number()
    value.cpu = maybe { $0.number() }
    return value
  }
}
