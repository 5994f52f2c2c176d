import XFRMDiagnosis

/// A gateway with a tunnel in order, and what the doctor says of it once something is changed.
enum Gateway {
  static let near = IPAddress.v4(0xc000_0201)
  static let far = IPAddress.v4(0xc000_0202)
  static let here = IPPrefix(.v4(0x0a01_0000), length: 24)
  static let there = IPPrefix(.v4(0x0a02_0000), length: 24)

  static func association(_ spi: UInt32, from: IPAddress, to: IPAddress)
    -> SecurityAssociation
  {
    var association = SecurityAssociation(
      from: from, to: to, spi: SPI(rawValue: spi), mode: .tunnel)
    association.requestID = 1
    association.replayWindow = 32
    association.replayState = ReplayState()
    association.aead = AEAD(
      name: "rfc4106(gcm(aes))", key: Secret([UInt8](repeating: 7, count: 36).span),
      checkBits: 128)
    return association
  }

  /// A gateway with a tunnel in order, through which packets went.
  static func healthy() -> HostEvidence {
    var evidence = HostEvidence()
    let out = association(0x1001, from: near, to: far)
    let back = association(0x2002, from: far, to: near)
    var policies = [
      Policy(Selector(from: here, to: there), direction: .outgoing, templates: [Template(out)])
    ]
    for direction in [Policy.Direction.forwarded, .incoming] {
      policies.append(
        Policy(Selector(from: there, to: here), direction: direction, templates: [Template(back)]))
    }
    evidence.before.policies = policies
    evidence.before.associations = [out, back]
    evidence.before.time = 1_000
    evidence.after = evidence.before
    for index in evidence.after.associations.indices {
      evidence.after.associations[index].usage.packets = 10
    }
    var link = Link("wan", index: 2)
    link.isUp = true
    link.mtu = 1500
    evidence.links = [link]
    evidence.addresses = [
      InterfaceAddress(prefix: IPPrefix(near, length: 24), interfaceIndex: 2)
    ]
    for destination in [IPPrefix(near, length: 24), there] {
      var route = Route(to: destination)
      route.interfaceIndex = 2
      evidence.routes.append(route)
    }
    evidence.settings = ["net.ipv4.ip_forward": 1]
    return evidence
  }

  /// Changes the healthy one, and what it says then.
  static func causes(
    _ counters: String = "", _ change: (inout HostEvidence) -> Void = { _ in }
  ) -> [CauseID] {
    var evidence = healthy()
    evidence.after.counters = ErrorCounters(parsing: counters)
    change(&evidence)
    return Diagnosis(evidence).causes.map(\.id)
  }

  /// The other end of it.
  static func mirrored(_ evidence: HostEvidence) -> HostEvidence {
    var peer = evidence
    peer.name = "peer"
    peer.addresses = [InterfaceAddress(prefix: IPPrefix(far, length: 24), interfaceIndex: 2)]
    peer.after.policies = [
      Policy(
        Selector(from: there, to: here), direction: .outgoing,
        templates: [Template(evidence.after.associations[1])]),
      Policy(
        Selector(from: here, to: there), direction: .forwarded,
        templates: [Template(evidence.after.associations[0])]),
    ]
    peer.routes[1].destination = here
    return peer
  }
}
