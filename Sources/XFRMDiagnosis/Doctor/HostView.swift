internal import XFRMKit

/// Questions to the evidence of one host that several causes ask.
struct HostView {
  let evidence: HostEvidence
  let lookup: PacketLookup
  /// Counters that rose.
  let raised: [String: UInt64]
  /// What leads packets to SAs.
  let protecting: [Policy]
  private let earlier: [SecurityAssociationID: SecurityAssociation]

  init(_ evidence: HostEvidence) {
    self.evidence = evidence
    lookup = PacketLookup(
      policies: evidence.after.policies, associations: evidence.after.associations,
      defaultActions: evidence.defaultActions, time: evidence.after.time)
    raised = evidence.after.counters.since(evidence.before.counters)
    protecting = lookup.policies.filter {
      $0.direction == .outgoing && $0.action == .allow && !$0.templates.isEmpty
    }
    earlier = Dictionary(
      evidence.before.associations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func cause(_ id: CauseID, _ evidence: String...) -> Cause {
    Cause(id, on: self.evidence.name, evidence: evidence)
  }

  var associations: [SecurityAssociation] {
    evidence.after.associations.filter { !$0.isLarval }
  }

  /// The host's own addresses.
  func isOwn(_ address: IPAddress) -> Bool {
    evidence.addresses.contains { $0.prefix.address == address }
  }

  /// SAs by which packets come to this host.
  var incomingAssociations: [SecurityAssociation] {
    associations.filter { isOwn($0.destination) }
  }

  /// SAs by which packets leave this host.
  var outgoingAssociations: [SecurityAssociation] {
    associations.filter { isOwn($0.source) && !isOwn($0.destination) }
  }

  /// Packets that went through an SA.
  func rise(_ association: SecurityAssociation) -> UInt64 {
    let before = earlier[association.id]?.usage.packets ?? 0
    return association.usage.packets >= before ? association.usage.packets - before : 0
  }

  /// What an SA refused: packets that did not check, came twice, or too late.
  func refused(_ association: SecurityAssociation) -> SecurityAssociation.Statistics {
    let before = earlier[association.id]?.statistics ?? SecurityAssociation.Statistics()
    var rise = SecurityAssociation.Statistics()
    let now = association.statistics
    rise.integrityFailed = now.integrityFailed &- before.integrityFailed
    rise.replayed = now.replayed &- before.replayed
    rise.outsideReplayWindow = now.outsideReplayWindow &- before.outsideReplayWindow
    return rise
  }

  /// Packets that went through SAs of this host.
  var packets: UInt64 { associations.reduce(0) { $0 + rise($1) } }

  /// A packet that a policy is for: the first of its prefixes.
  func sample(_ policy: Policy) -> PacketQuery {
    let selector = policy.selector
    let packet = PacketFlow(
      from: selector.source.address, to: selector.destination.address, proto: selector.proto,
      sourcePort: selector.sourcePort.value, destinationPort: selector.destinationPort.value,
      interfaceIndex: selector.interfaceIndex)
    return PacketQuery(
      packet, policy.direction, mark: policy.mark?.value ?? 0,
      interfaceID: policy.interfaceID ?? 0)
  }

  /// The interface that has an address.
  func link(of address: IPAddress) -> Link? {
    let index = evidence.addresses.first { $0.prefix.address == address }?.interfaceIndex
    return evidence.links.first { link in index.map { Int32(bitPattern: $0) } == link.index }
  }

  /// The route to an address: of those that fit the one with the longest prefix.
  func route(to address: IPAddress) -> Route? {
    evidence.routes.filter { $0.destination.contains(address) }
      .max { $0.destination.length < $1.destination.length }
  }

  /// A setting of an interface, or of all.
  func setting(_ name: String, of interface: String, _ group: String) -> Int {
    ["all", interface].compactMap { evidence.settings["net.\(group).conf.\($0).\(name)"] }.max()
      ?? 0
  }
}

extension Policy {
  /// What comes back where it leads: source and destination change places.
  var mirrored: Selector {
    var mirrored = selector
    swap(&mirrored.source, &mirrored.destination)
    swap(&mirrored.sourcePort, &mirrored.destinationPort)
    return mirrored
  }

  var isTunnel: Bool { templates.contains { $0.mode.hasOuterAddresses } }

  /// `policy out 10.1.0.0/24 → 10.2.0.0/24, priority 5`
  var words: String { "\(self), priority \(priority)" }
}

extension SecurityAssociation {
  /// `SPI 0x00001001 to 192.0.2.2`
  var words: String { "SPI \(spi) to \(destination)" }
}
