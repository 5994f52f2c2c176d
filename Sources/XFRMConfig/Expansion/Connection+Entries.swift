internal import XFRMKit

extension Connection {
  /// Each subnet of one end with each of the other that is of the same family.
  var pairs: [(local: IPPrefix, remote: IPPrefix)] {
    let families: [AddressFamily] = (local.subnets + remote.subnets).map(\.family)
    let everywhere = [AddressFamily.ipv4, .ipv6].filter(families.contains).map { IPPrefix.any($0) }
    func prefixes(_ end: End) -> [IPPrefix] {
      if kind == .hostToHost { return [IPPrefix(end.address)] }
      return end.subnets.isEmpty ? everywhere : end.subnets
    }
    return prefixes(local).flatMap { local in
      prefixes(remote).filter { $0.family == local.family }.map { (local, $0) }
    }
  }

  /// Its entries of the SPD, the strongest first.
  ///
  /// - Parameters:
  ///   - bundle: The SPIs of its SAs.
  ///   - requestID: What its SAs have.
  func policies(_ bundle: KeyBundle, _ requestID: UInt32) -> [SPDEntry] {
    var protection = SPDEntry.Protection()
    protection.mode = mode
    if mode.hasOuterAddresses { protection.ends = (local.address, remote.address) }
    var entries = exceptions
    for (index, pair) in pairs.enumerated() {
      for direction in SPDEntry.Direction.allCases {
        var selector = traffic
        (selector.local, selector.remote) = pair
        var entry = SPDEntry(name, at: span, direction, selector, .protect)
        entry.isOfConnection = true
        entry.ordinal = index + 1
        entry.protections = [protection]
        entry.forwards = direction == .inbound && forwards
        entry.isGuarded = isGuarded
        entry.requestID = requestID
        entry.mark = settings.mark
        entry.interfaceID = settings.interfaceID
        if direction == .outbound {
          entry.pinnedTo = (ObjectName(name, "out"), bundle.outgoing.spi)
        }
        entries.append(entry)
      }
    }
    return entries
  }

  // MARK: Exceptions

  /// What must pass in clear, or the connection cuts off what it needs itself.
  private var exceptions: [SPDEntry] {
    neighbourDiscovery + neighbours
  }

  /// Hosts on one link find each other with ICMPv6, which policies of the kernel are for, too; it
  /// is never forwarded.
  private var neighbourDiscovery: [SPDEntry] {
    guard kind == .hostToHost || kind == .gateway && remote.subnets.isEmpty,
      traffic.proto == .any || traffic.proto == .icmpv6 && traffic.icmp == nil
    else { return [] }
    var entries: [SPDEntry] = []
    for pair in pairs where pair.local.family == .ipv6 {
      // Router and neighbour solicitations and advertisements: RFC 4861.
      for type in 133...136 as ClosedRange<UInt8> {
        entries += bypass(
          pair, "nd", ordinal: entries.count / 2 + 1, proto: .icmpv6,
          icmp: ICMPSelector(type: type))
      }
    }
    return entries
  }

  /// What stays among the subnets of this end, where the other end's hold them.
  private var neighbours: [SPDEntry] {
    let subnets = local.subnets.isEmpty ? remote.subnets : local.subnets
    var entries: [SPDEntry] = []
    for one in subnets {
      for other in subnets where one.family == other.family && isHeld(other) {
        entries += bypass((one, other), "subnets", ordinal: entries.count / 2 + 1)
      }
    }
    return entries
  }

  /// Whether what is behind the other end has a subnet of this one among it: of packets that come
  /// from there it would be demanded that they are protected.
  private func isHeld(_ subnet: IPPrefix) -> Bool {
    switch kind {
    case .hostToHost: false
    case .gateway: remote.subnets.isEmpty
    // Through an interface no packet goes that stays here.
    case .siteToSite: interface == nil && remote.subnets.contains { $0.covers(subnet) }
    }
  }

  private func bypass(
    _ pair: (local: IPPrefix, remote: IPPrefix), _ purpose: String, ordinal: Int,
    proto: IPProtocol = .any, icmp: ICMPSelector? = nil
  ) -> [SPDEntry] {
    SPDEntry.Direction.allCases.map { direction in
      let selector = TrafficSelector(
        local: pair.local, remote: pair.remote, proto: proto, icmp: icmp)
      var entry = SPDEntry(name, at: span, direction, selector, .bypass)
      entry.isOfConnection = true
      entry.purpose = purpose
      entry.ordinal = ordinal
      entry.forwards = direction == .inbound && forwards && icmp == nil
      entry.mark = settings.mark
      entry.interfaceID = settings.interfaceID
      return entry
    }
  }

  // MARK: SAs

  /// Its entries of the SAD, the incoming one first.
  ///
  /// - Parameters:
  ///   - bundle: The keys that packets are sent with.
  ///   - other: Those that it is on the way to or comes from, if it is.
  ///   - requestID: What its SAs have.
  func associations(
    _ bundle: KeyBundle, besides other: KeyBundle?, _ requestID: UInt32
  ) -> [SADEntry] {
    func pair(_ bundle: KeyBundle, isLeaving: Bool) -> [SADEntry] {
      var pair = [
        association(.inbound, bundle.incoming, bundle.generation, requestID),
        association(.outbound, bundle.outgoing, bundle.generation, requestID),
      ]
      for index in pair.indices { pair[index].entry.isLeaving = isLeaving }
      return pair
    }
    guard let other else { return pair(bundle, isLeaving: false) }
    if other.generation > bundle.generation {
      return pair(bundle, isLeaving: true) + pair(other, isLeaving: false).prefix(1)
    }
    return pair(bundle, isLeaving: false) + pair(other, isLeaving: true)
  }

  private func association(
    _ direction: SPDEntry.Direction, _ half: KeyBundle.Half, _ generation: UInt32,
    _ requestID: UInt32
  ) -> SADEntry {
    let isOutbound = direction == .outbound
    var association = SecurityAssociation(
      from: isOutbound ? local.address : remote.address,
      to: isOutbound ? remote.address : local.address, spi: half.spi, mode: mode)
    association.requestID = requestID
    var settings = settings
    // The kernel marks with it what an incoming SA has unwrapped, too: packets would be routed as
    // those that leave are, and with a mark they would not match the policies for what comes in.
    if !isOutbound { settings.outputMark = nil }
    settings.apply(to: &association, direction)
    // It may carry both families.
    if mode.hasOuterAddresses { association.flags.insert(.anyFamily) }
    let name = ObjectName(
      name, isOutbound ? "out" : "in", generation: keys == .generated ? generation : nil)
    let entry = AssociationEntry(
      name, isOutbound ? .outgoing : .incoming, association, .esp(proposal), key: half.key)
    return SADEntry(at: span, entry)
  }
}
