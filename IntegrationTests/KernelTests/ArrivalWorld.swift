import TestSupport
import XFRMKit

/// Where packets arrive, by the kernel's numbers.
struct ArrivalInterfaces {
  /// Where what is for the host itself goes, in the eyes of a selector.
  var loopback: Int32 = 1
  /// Where the rest goes.
  var cable: Int32

  var all: [Int32] { [loopback, cable] }

  /// Says where a packet is looked at: half of the destinations are the host's own.
  func complete(_ query: inout PacketQuery) {
    let isLocal = Self.own(query.packet.destination.family).contains(query.packet.destination)
    query.direction = isLocal ? .incoming : .forwarded
    query.packet.interfaceIndex = isLocal ? loopback : cable
  }

  static func own(_ family: AddressFamily) -> [IPAddress] {
    let all = LookupWorld.destinations(family)
    return [all[0], all[2]]
  }
}

extension LookupWorld {
  /// None, or what a packet must, or may, have come through.
  mutating func arrivalTemplates(_ family: AddressFamily) -> [Template] {
    if dice.chance(35) { return [] }
    // Six are one too many.
    let count = dice.chance(4) ? 6 : 1 + dice.below(3)
    return (0..<count).map { _ in
      let ends = Self.ends(family)
      var template = Template(
        from: dice.chance(15) ? .unspecified(family) : ends[1 + dice.below(2)], to: ends[0],
        mode: dice.chance(70) ? .tunnel : .transport, requestID: UInt32(dice.below(3)))
      template.isOptional = dice.chance(30)
      if dice.chance(10) { template.spi = SPI(rawValue: 0x1000 + UInt32(dice.below(8))) }
      return template
    }
  }

  /// One that the template may be content with, or almost.
  mutating func arrivalAssociation(
    _ number: UInt32, _ template: Template
  ) -> SecurityAssociation {
    let family = template.family
    let isTunnel = template.mode == .tunnel
    let ends = Self.ends(family)
    var association = SecurityAssociation(
      from: template.source.isUnspecified || dice.chance(20)
        ? ends[1 + dice.below(2)] : template.source,
      to: isTunnel ? ends[0] : pick(ArrivalInterfaces.own(family) + [ends[0]]),
      spi: SPI(rawValue: 0x1000 + number), mode: template.mode)
    association.requestID = dice.chance(85) ? template.requestID : 3
    if dice.chance(25) { association.selector = selector(family) }
    // Without a key, so that the test can make its packets.
    association.encryption = Encryption(name: "ecb(cipher_null)", key: .random(count: 0))
    return association
  }

  /// What a packet comes through, the outermost first.
  mutating func path(
    of query: PacketQuery, _ associations: [SecurityAssociation]
  ) -> [SecurityAssociation] {
    if dice.chance(20) { return [] }
    let tunnels = associations.filter { $0.mode == .tunnel }
    func transports(to address: IPAddress) -> [SecurityAssociation] {
      associations.filter { $0.mode == .transport && $0.destination == address }
    }
    var path: [SecurityAssociation] = []
    let inner = transports(to: query.packet.destination)
    if !inner.isEmpty, dice.chance(50) { path.append(pick(inner)) }
    for _ in 0..<(tunnels.isEmpty ? 0 : dice.below(3)) {
      path.append(pick(tunnels))
      let around = transports(to: Self.ends(query.packet.source.family)[0])
      if !around.isEmpty, dice.chance(30) { path.append(pick(around)) }
    }
    return path.reversed()
  }
}
