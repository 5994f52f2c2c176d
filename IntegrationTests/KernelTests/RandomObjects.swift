import TestSupport
import XFRMKit

/// Objects that the bed's kernel takes, with everything in them that it knows.
extension Dice {
  /// - Parameter number: Makes it another than all before.
  mutating func validAssociation(_ number: Int) -> SecurityAssociation {
    let family = validFamily()
    let mode = pick([Mode.transport, .tunnel, .tunnel, .beet])
    var value = SecurityAssociation(
      from: host(family), to: host(family), spi: SPI(rawValue: 0x1000 + UInt32(number)),
      mode: mode)
    value.requestID = self.number()
    value.sequence = self.number()
    if chance(60) {
      value.selector = validSelector(mode == .transport || chance(50) ? family : validFamily())
    }
    pick([.aes256gcm16, .aes128gcm16, .aes256sha256] as [ESPProposal]).protect(&value)

    if Bed.isAtLeast((6, 10)) { value.direction = maybe { $0.pick([.incoming, .outgoing]) } }
    let isOutgoing = value.direction == .outgoing
    let isIncoming = value.direction == .incoming
    value.lifetime = validLifetime()
    value.flags = [.noECN]
    if !isOutgoing, chance(50) { value.flags.insert([.decapsulateDSCP, .icmp]) }
    if chance(20) { value.flags.insert(.anyFamily) }
    if !isIncoming {
      value.extraFlags = maybe { $0.pick([.dontEncapsulateDSCP, .sequenceMayWrap]) }
    }
    if chance(40) {
      value.extendedReplayState = validReplayState(isIncoming, isOutgoing)
      if chance(50), isOutgoing || value.extendedReplayState?.window != 0 {
        value.flags.insert(.extendedSequenceNumbers)
      }
    } else {
      if !isOutgoing { value.replayWindow = UInt8(below(33)) }
      value.replayState = maybe { dice in
        var state = ReplayState()
        if !isIncoming { state.outgoingSequence = UInt32(dice.below(1 << 31)) }
        if !isOutgoing {
          state.incomingSequence = UInt32(dice.below(1 << 31))
          state.bitmap = dice.number()
        }
        return state
      }
    }
    value.mark = maybe { Mark($0.number() & 0xff, mask: 0xff) }
    value.outputMark = maybe { 1 + UInt32($0.below(1 << 30)) }
    if value.outputMark != nil { value.outputMarkMask = self.number() | 1 }
    value.interfaceID = maybe { 1 + UInt32($0.below(1 << 30)) }
    value.careOfAddress = maybe { $0.host(family) }
    if mode == .tunnel { value.trafficFlowPadding = maybe { 1 + UInt32($0.below(65_535)) } }
    value.encapsulation = maybe { dice in
      var encapsulation = Encapsulation(
        .espInUDP, sourcePort: dice.number(), destinationPort: dice.number())
      encapsulation.originalAddress = dice.maybe { $0.host(family) }
      return encapsulation
    }
    if value.encapsulation != nil, !isOutgoing {
      value.mappingThresholdSeconds = maybe { 1 + UInt32($0.below(1_000)) }
    }
    if value.encapsulation != nil, isOutgoing, Bed.isAtLeast((6, 11)) {
      value.natKeepaliveSeconds = maybe { 1 + UInt32($0.below(1_000)) }
    }
    if value.direction != nil, Bed.isAtLeast((6, 13)) { value.cpu = maybe { _ in 0 } }
    return value
  }

  private mutating func validReplayState(
    _ isIncoming: Bool, _ isOutgoing: Bool
  ) -> ExtendedReplayState {
    var state = ExtendedReplayState(window: isOutgoing ? 0 : 1 + UInt32(below(4_096)))
    if !isIncoming { state.outgoingSequence = UInt64(below(1 << 31)) }
    if !isOutgoing {
      state.incomingSequence = UInt64(below(1 << 31))
      for index in state.bitmap.indices { state.bitmap[index] = number() }
    }
    return state
  }

  /// - Parameter number: Makes it another than all before.
  mutating func validPolicy(_ number: Int) -> Policy {
    let family = validFamily()
    var value = Policy(
      validSelector(family), direction: pick([.incoming, .outgoing, .forwarded]),
      action: pick([.allow, .block]))
    // Among the policies of a run it is the only one.
    value.selector.user = UInt32(number)
    value.priority = self.number()
    value.lifetime = validLifetime()
    value.flags = pick([[], .localOK, .icmp, [.localOK, .icmp]])
    value.kind = Bed.hasESP && chance(20) ? .sub : .main
    value.mark = maybe { Mark($0.number() & 0xff, mask: 0xff) }
    value.interfaceID = maybe { 1 + UInt32($0.below(1 << 30)) }
    var before = family
    for _ in 0..<below(6) {
      let mode = pick([Mode.transport, .tunnel, .beet])
      if mode.hasOuterAddresses { before = validFamily() }
      var template = Template(
        from: host(before), to: host(before), proto: pick([.esp, .ah, .ipComp]), mode: mode,
        requestID: self.number())
      template.spi = SPI(rawValue: self.number())
      template.isOptional =
        chance(20) && !(mode.hasOuterAddresses && value.direction == .outgoing)
      template.share = UInt8(below(4))
      template.algorithms.authentication = self.number()
      template.algorithms.encryption = self.number()
      template.algorithms.compression = self.number()
      value.templates.append(template)
    }
    return value
  }

  // MARK: Parts

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
  private mutating func validFamily() -> AddressFamily { chance(50) ? .ipv4 : .ipv6 }

  private mutating func host(_ family: AddressFamily) -> IPAddress {
    family == .ipv6
      ? .v6(0x2001_0db8 << 32 | UInt64(below(1 << 16)), number())
      : .v4(0xc000_0200 | UInt32(below(256)))
  }

  private mutating func validSelector(_ family: AddressFamily) -> Selector {
    func prefix(_ dice: inout Dice) -> IPPrefix {
      IPPrefix(dice.host(family), length: UInt8(dice.below(family == .ipv6 ? 129 : 33)))
    }
    var selector = Selector(from: prefix(&self), to: prefix(&self))
    selector.proto = IPProtocol(rawValue: number())
    selector.sourcePort = Selector.Port(number(), mask: number())
    selector.destinationPort = Selector.Port(number(), mask: number())
    selector.interfaceIndex = Int32(below(10))
    selector.user = number()
    return selector
  }

  /// Long enough not to end while the test runs.
  private mutating func validLifetime() -> Lifetime {
    var lifetime = Lifetime()
    for side in [\Lifetime.soft, \.hard] {
      lifetime[keyPath: side].bytes = number() | 1 << 40
      lifetime[keyPath: side].packets = number() | 1 << 40
      lifetime[keyPath: side].secondsFromAdd = chance(50) ? 0 : 10_000 + UInt64(below(1 << 20))
      lifetime[keyPath: side].secondsFromUse = chance(50) ? 0 : 10_000 + UInt64(below(1 << 20))
    }
    return lifetime
  }
}
