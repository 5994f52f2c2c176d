internal import XFRMKit

/// Questions to the evidence of one host that several causes ask.
struct HostView {
  let evidence: HostEvidence
  let lookup: PacketLookup
  /// Counters that rose.
  let raised: [String: UInt64]
  /// What leads packets to SAs.
  let protecting: [Policy]
  /// The SAs that policies send through.
  let taken: [SecurityAssociation]
  /// Those, and what would do as well: the older ones while they are replaced.
  let claimed: Set<SecurityAssociationID>
  /// At the beginning.
  let earlier: [SecurityAssociationID: SecurityAssociation]

  init(_ evidence: HostEvidence) {
    self.evidence = evidence
    let lookup = PacketLookup(
      policies: evidence.after.policies, associations: evidence.after.associations,
      defaultActions: evidence.defaultActions, hashing: evidence.hashing, time: evidence.after.time)
    self.lookup = lookup
    raised = evidence.after.counters.since(evidence.before.counters)
    protecting = lookup.policies.filter {
      $0.direction == .outgoing && $0.action == .allow && !$0.templates.isEmpty
    }
    let choices = protecting.flatMap { lookup.choices(for: Self.sample($0), [$0]) }
    taken = choices.compactMap(\.association)
    claimed = Set((taken + choices.flatMap(\.alternatives)).map(\.id))
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
    association.usage.packets.rise(since: earlier[association.id]?.usage.packets)
  }

  /// What an SA refused: packets that did not check, came twice, or too late.
  func refused(_ association: SecurityAssociation) -> SecurityAssociation.Statistics {
    let before = earlier[association.id]?.statistics
    var rise = association.statistics
    rise.integrityFailed = rise.integrityFailed.rise(since: before?.integrityFailed)
    rise.replayed = rise.replayed.rise(since: before?.replayed)
    rise.outsideReplayWindow = rise.outsideReplayWindow.rise(since: before?.outsideReplayWindow)
    return rise
  }

  /// A packet that a policy is for: the first of its prefixes.
  static func sample(_ policy: Policy) -> PacketQuery {
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

  /// The route to an address: of those of a table that fit the one with the longest prefix, and of
  /// those the one with the lowest metric. None if that one drops packets in every table that has
  /// one: which tables a packet gets to is a matter of rules, marks and interfaces.
  func route(to address: IPAddress) -> Route? {
    func isBehind(_ left: Route, _ right: Route) -> Bool {
      (left.destination.length, right.metric) < (right.destination.length, left.metric)
    }
    let fitting = evidence.routes.filter { $0.destination.contains(address) }
    return Dictionary(grouping: fitting, by: \.table).values
      .compactMap { $0.max(by: isBehind) }.filter { !$0.dropsPackets }.max(by: isBehind)
  }

  /// The name of the interface that packets to an address leave by, if there is a route.
  func interface(to address: IPAddress) -> String? {
    let route = route(to: address)
    return evidence.links.first { $0.index == route?.interfaceIndex }?.name
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

extension UnsignedInteger {
  /// What was added; all of it where one was deleted meanwhile and added again.
  fileprivate func rise(since before: Self?) -> Self {
    guard let before, before <= self else { return self }
    return self - before
  }
}

extension Sequence {
  /// The first element of each key, in their order.
  func distinct<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var known = Set<Key>()
    return filter { known.insert(key($0)).inserted }
  }
}
