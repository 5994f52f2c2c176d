public import XFRMKit

/// What a kernel may have that somebody has set up.
public struct RandomKernel {
  private var dice: Dice
  private let isPlain: Bool
  private let proposals: [ESPProposal]
  /// The strongest first.
  public private(set) var policies: [Policy] = []
  public private(set) var associations: [SecurityAssociation] = []

  /// - Parameters:
  ///   - isPlain: Whether configurations have words for nearly all of it.
  ///   - proposals: What SAs of ESP have.
  public init(seed: UInt64, isPlain: Bool, proposals: [ESPProposal] = ESPProposal.all) {
    dice = Dice(seed: seed)
    self.isPlain = isPlain
    self.proposals = proposals
    var keys: Set<PolicyKey> = []
    for number in 1...(2 + UInt32(dice.below(8))) {
      let out = policy(number)
      guard keys.insert(out.key).inserted else { continue }
      add(out, number, &keys)
    }
    policies.sort { $0.priority < $1.priority }
  }

  private static let prefixes = [
    "0.0.0.0/0", "10.1.0.0/16", "10.1.1.0/24", "10.2.0.0/16", "192.0.2.7", "2001:db8::/32",
    "2001:db8:1::/48", "::/0",
  ].compactMap { IPPrefix($0) }

  // MARK: Policies

  private mutating func policy(_ number: UInt32) -> Policy {
    let source = dice.pick(Self.prefixes)
    let destination = dice.pick(Self.prefixes.filter { $0.family == source.family })
    var selector = Selector(
      from: source, to: destination, proto: dice.pick([.any, .tcp, .udp, .icmp, .ipComp]))
    if selector.proto == .tcp || selector.proto == .udp {
      if dice.below(2) == 0 {
        selector.destinationPort = Selector.Port(UInt16(dice.below(1 << 16)))
      } else if dice.below(2) == 0 {
        let free = UInt16(1) << UInt16(dice.below(10)) - 1
        selector.sourcePort = Selector.Port(UInt16(dice.below(1 << 16)) & ~free, mask: ~free)
      }
    }
    if selector.proto == .icmp, dice.below(2) == 0 {
      selector.sourcePort = Selector.Port(UInt16(dice.below(256)))
      if dice.below(2) == 0 { selector.destinationPort = Selector.Port(UInt16(dice.below(256))) }
    }
    var policy = Policy(
      selector, direction: .outgoing, action: dice.below(4) == 0 ? .block : .allow)
    policy.priority = 1000 + number * 10
    if dice.below(6) == 0 { policy.mark = Mark(UInt32(dice.below(8)), mask: 0xff) }
    if dice.below(6) == 0 { policy.interfaceID = 1 + UInt32(dice.below(9)) }
    if !isPlain { spoil(&policy) }
    return policy
  }

  private mutating func spoil(_ policy: inout Policy) {
    switch dice.below(12) {
    case 0: policy.lifetime.hard.secondsFromAdd = 10_000
    case 1: policy.flags = .icmp
    case 2: policy.selector.interfaceIndex = 1
    case 3: policy.selector.user = 7
    case 4: policy.kind = .sub
    case 5: policy.selector.sourcePort = Selector.Port(5, mask: 0x55)
    default: break
    }
  }

  /// A policy for each direction, and their SAs.
  private mutating func add(_ out: Policy, _ number: UInt32, _ keys: inout Set<PolicyKey>) {
    var out = out
    let isProtected = out.action == .allow && dice.below(3) > 0
    let family = out.selector.family
    let isTunnel = dice.below(2) == 0
    let (here, there): (IPAddress, IPAddress) =
      family == .ipv4 || isTunnel && dice.below(2) == 0
      ? (.v4(0xcb00_7101), .v4(0xcb00_7102 + number))
      : (.v6(0x2001_0db8 << 32, 1), .v6(0x2001_0db8 << 32, 2 + UInt64(number)))
    var incoming = out
    incoming.direction = .incoming
    incoming.selector.source = out.selector.destination
    incoming.selector.destination = out.selector.source
    if out.selector.proto != .icmp {
      incoming.selector.sourcePort = out.selector.destinationPort
      incoming.selector.destinationPort = out.selector.sourcePort
    }
    guard keys.insert(incoming.key).inserted else { return }
    if isProtected {
      for isOut in [true, false] {
        let association = association(
          isOut ? here : there, isOut ? there : here, number, isOut, isTunnel ? .tunnel : .transport
        )
        var template = Template(association)
        if !isTunnel {
          template = Template(
            from: .unspecified(family), to: .unspecified(family), mode: .transport,
            requestID: number)
        }
        template.proto = association.proto
        if isOut { out.templates = [template] } else { incoming.templates = [template] }
        if isTunnel || here.family == family { associations.append(association) }
      }
    }
    policies += [out, incoming]
    if dice.below(2) == 0 {
      var forwarded = incoming
      forwarded.direction = .forwarded
      policies.append(forwarded)
    }
  }

  // MARK: SAs

  private mutating func association(
    _ source: IPAddress, _ destination: IPAddress, _ number: UInt32, _ isOut: Bool, _ mode: Mode
  ) -> SecurityAssociation {
    var value = SecurityAssociation(
      from: source, to: destination, spi: SPI(rawValue: 0x1000 + number * 2 + (isOut ? 1 : 0)),
      proto: dice.pick([.esp, .esp, .esp, .ah, .ipComp]), mode: mode)
    value.requestID = number
    if mode == .tunnel { value.flags = .anyFamily }
    switch value.proto {
    case .ah:
      value.authentication = Authentication(
        name: "hmac(sha256)", key: .random(count: 32), truncationBits: 128)
    case .ipComp: value.compression = Compression(.deflate)
    default: dice.pick(proposals).protect(&value)
    }
    if value.proto != .ipComp {
      switch dice.below(3) {
      case 0:
        value.flags.insert(.extendedSequenceNumbers)
        value.extendedReplayState = ExtendedReplayState(window: 32 + UInt32(dice.below(100)))
      case 1: value.extendedReplayState = ExtendedReplayState(window: 33 + UInt32(dice.below(100)))
      default: value.replayWindow = UInt8(dice.below(33))
      }
    }
    if value.proto == .esp, dice.below(4) == 0 {
      value.encapsulation = Encapsulation(.espInUDP, sourcePort: isOut ? 4500 : 999)
    }
    if dice.below(3) == 0 {
      value.lifetime.hard.bytes = 1 << 40
      value.lifetime.soft.bytes = 1 << 30
      value.lifetime.hard.secondsFromAdd = 3600
    }
    if dice.below(4) == 0 { value.outputMark = 5 }
    if dice.below(4) == 0 { value.interfaceID = 1 + UInt32(dice.below(9)) }
    if mode == .tunnel, dice.below(4) == 0 { value.extraFlags = .dontEncapsulateDSCP }
    if mode == .tunnel, dice.below(4) == 0 { value.flags.insert(.noPathMTUDiscovery) }
    if !isPlain { spoil(&value) }
    return value
  }

  private mutating func spoil(_ value: inout SecurityAssociation) {
    switch dice.below(12) {
    case 0: value.lifetime.hard.secondsFromUse = 100
    case 1: value.flags.insert(.decapsulateDSCP)
    case 2: value.requestID = 0
    case 3: value.spi = SPI(rawValue: UInt32(dice.below(256)))
    case 4: value.mode = .routeOptimization
    case 5: value.selector.proto = .tcp
    case 6: value.cpu = 1
    default: break
    }
  }
}

extension Dice {
  fileprivate mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
}
