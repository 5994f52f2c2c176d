import Glibc
import TestSupport
import XFRMKit

/// Databases and packets that are made of few things, so that they meet.
struct LookupWorld {
  var dice: Dice
  private let hasSAs: Bool
  /// Where packets arrive; none if they leave.
  private let arrivals: ArrivalInterfaces?

  init(seed: UInt64, hasSAs: Bool, arrivals: ArrivalInterfaces? = nil) {
    dice = Dice(seed: seed)
    self.hasSAs = hasSAs
    self.arrivals = arrivals
  }

  static func sources(_ family: AddressFamily) -> [IPAddress] {
    family == .ipv6
      ? [
        .v6(0xfd00_0001_0000_0000, 1), .v6(0xfd00_0001_0001_0000, 1), .v6(0xfd00_0002_0000_0000, 1),
      ]
      : [.v4(0x0a01_0001), .v4(0x0a01_0101), .v4(0x0a02_0001)]
  }

  static func destinations(_ family: AddressFamily) -> [IPAddress] {
    family == .ipv6
      ? [
        .v6(0xfd00_0003_0000_0000, 1), .v6(0xfd00_0003_0000_0000, 2),
        .v6(0xfd00_0003_0001_0000, 1), .v6(0xfd00_0004_0000_0000, 1),
      ] : [.v4(0x0a03_0001), .v4(0x0a03_0002), .v4(0x0a03_0101), .v4(0x0a04_0001)]
  }

  /// The sender's on the cable, and two of the other end.
  static func ends(_ family: AddressFamily) -> [IPAddress] {
    (1...3).map { number in
      family == .ipv6 ? .v6(0x2001_0db8_0000_0000, number) : .v4(0xc000_0200 | UInt32(number))
    }
  }

  static let ports: [UInt16] = [5000, 5001, 6000]
  private static let types: [UInt16] = [0, 8, 128, 129]
  /// OSPF, which has no ports.
  static let other = IPProtocol(rawValue: 89)

  /// Empties the databases and fills them anew.
  mutating func install(_ family: AddressFamily, in xfrm: inout XFRMClient) throws {
    try xfrm.flushPolicies()
    try xfrm.perform(.flushPolicies(.sub))
    try xfrm.flushAssociations()
    try xfrm.perform(.setDefaultActions(defaultActions(family)))
    let bits: [UInt8] = family == .ipv6 ? [128, 64, 48] : [32, 24, 16]
    let threshold = SPDInfo.HashThreshold(local: pick(bits), remote: pick(bits))
    try xfrm.perform(
      .setHashThresholds(
        ipv4: family == .ipv4 ? threshold : nil, ipv6: family == .ipv6 ? threshold : nil))
    // The kernel rebuilds its tables when it has answered. Before Linux 6.12 a policy that comes in
    // between keeps the number that it had in the old ones. No answer tells when that is done; slow
    // kernels have five times as long.
    usleep(Bed.name == "host" ? 20_000 : 100_000)
    var templates: [Template] = []
    for _ in 0..<(3 + dice.below(arrivals == nil ? 12 : 20)) {
      let policy = policy(family)
      do throws(XFRMError) {
        try xfrm.add(policy)
        templates += policy.templates
      } catch {
        guard error.refusal?.errno == .fileExists else { throw error }
      }
    }
    guard hasSAs, !templates.isEmpty else { return }
    for number in 0..<dice.below(8) {
      let template = pick(templates)
      try xfrm.add(
        arrivals == nil
          ? association(UInt32(number), template) : arrivalAssociation(UInt32(number), template))
    }
  }

  private mutating func defaultActions(_ family: AddressFamily) -> DefaultActions {
    guard arrivals == nil else { return DefaultActions(incoming: action(), forwarded: action()) }
    // Over IPv6 neighbours could not be found any more.
    let isBlocking = family == .ipv4 && dice.chance(30)
    return DefaultActions(outgoing: isBlocking ? .block : .accept)
  }

  private mutating func action() -> DefaultActions.Action { dice.chance(30) ? .block : .accept }

  private mutating func policy(_ family: AddressFamily) -> Policy {
    var policy = Policy(
      selector(family), direction: .outgoing, action: dice.chance(20) ? .block : .allow)
    if arrivals != nil { policy.direction = pick([.incoming, .forwarded]) }
    policy.priority = UInt32(dice.below(3))
    if dice.chance(25) { policy.mark = Mark(UInt32(dice.below(8)), mask: pick([1, 3, 6])) }
    if dice.chance(8) { policy.interfaceID = 7 }
    if dice.chance(15) { policy.kind = .sub }
    if arrivals != nil {
      policy.templates = policy.action == .allow ? arrivalTemplates(family) : []
      return policy
    }
    if policy.action == .allow, dice.chance(60) {
      policy.templates = [template(family, .tunnel)]
      if dice.chance(15) { policy.templates.insert(template(family, .transport), at: 0) }
    }
    if policy.templates.isEmpty || dice.chance(10) { return policy }
    if dice.chance(25) { policy.templates[0] = template(family, .transport) }
    return policy
  }

  mutating func selector(_ family: AddressFamily) -> Selector {
    var selector = Selector(
      from: prefix(pick(Self.sources(family))), to: prefix(pick(Self.destinations(family))))
    if let arrivals, dice.chance(8) { selector.interfaceIndex = pick(arrivals.all) }
    guard dice.chance(40) else { return selector }
    let icmp: IPProtocol = family == .ipv6 ? .icmpv6 : .icmp
    selector.proto = pick([.udp, .udp, icmp, Self.other, .tcp])
    switch selector.proto {
    case .udp:
      if dice.chance(50) { selector.destinationPort = port() }
      if dice.chance(30) { selector.sourcePort = port() }
    case icmp: if dice.chance(60) { selector.sourcePort = Selector.Port(pick(Self.types)) }
    default: break
    }
    return selector
  }

  private mutating func port() -> Selector.Port {
    Selector.Port(pick(Self.ports), mask: dice.chance(50) ? .max : 0xfff8)
  }

  private mutating func prefix(_ address: IPAddress) -> IPPrefix {
    // Not so short over IPv6 that neighbours cannot be found any more.
    let lengths: [UInt8] =
      address.family == .ipv6 ? [128, 128, 64, 48, 32, 16] : [32, 32, 24, 16, 8, 0]
    return IPPrefix(address, length: pick(lengths)).masked
  }

  private mutating func template(_ family: AddressFamily, _ mode: Mode) -> Template {
    let ends = Self.ends(family)
    var template = Template(
      from: ends[0], to: ends[1 + dice.below(2)], mode: mode, requestID: UInt32(dice.below(3)))
    if dice.chance(10) { template.spi = SPI(rawValue: 0x1000 + UInt32(dice.below(8))) }
    return template
  }

  /// One that the template may take, or almost.
  private mutating func association(
    _ number: UInt32, _ template: Template
  ) -> SecurityAssociation {
    let family = template.family
    let isTunnel = template.mode == .tunnel
    var association = SecurityAssociation(
      from: isTunnel ? template.source : pick(Self.sources(family)),
      to: isTunnel ? template.destination : pick(Self.destinations(family)),
      spi: SPI(rawValue: 0x1000 + number), mode: template.mode)
    association.requestID = dice.chance(85) ? template.requestID : 3
    if dice.chance(15) { association.mark = Mark(UInt32(dice.below(2)), mask: 1) }
    if dice.chance(8) { association.interfaceID = 7 }
    if dice.chance(25) { association.selector = selector(family) }
    // What it carries can be read, so that packets are recognised.
    ESPProposal(named: "null-sha256")?.protect(&association)
    return association
  }

  mutating func query(_ family: AddressFamily) -> PacketQuery {
    var packet = PacketFlow(
      from: pick(Self.sources(family)), to: pick(Self.destinations(family)))
    let icmp: IPProtocol = family == .ipv6 ? .icmpv6 : .icmp
    packet.proto = pick([.udp, .udp, .udp, icmp, Self.other])
    if packet.proto == .udp {
      (packet.sourcePort, packet.destinationPort) = (pick(Self.ports), pick(Self.ports))
    } else if packet.proto == icmp {
      packet.sourcePort = pick(Self.types)
    }
    var query = PacketQuery(packet, mark: dice.chance(50) ? 0 : UInt32(dice.below(8)))
    arrivals?.complete(&query)
    return query
  }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[dice.below(values.count)] }
}

extension IPPrefix {
  /// Without the bits that do not count.
  fileprivate var masked: IPPrefix {
    switch address {
    case .v4(let bits):
      return IPPrefix(.v4(length == 0 ? 0 : bits & ~0 << (32 - UInt32(length))), length: length)
    case .v6(let high, let low):
      let mask = length == 0 ? 0 : ~UInt128(0) << (128 - UInt128(length))
      return IPPrefix(
        .v6(high & UInt64(truncatingIfNeeded: mask >> 64), low & UInt64(truncatingIfNeeded: mask)),
        length: length)
    }
  }
}
