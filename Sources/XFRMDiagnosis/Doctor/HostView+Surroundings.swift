internal import XFRMKit

/// Interfaces, routes, settings, the packet filter.
extension HostView {
  var surroundings: [Cause] {
    tunnelEnds.flatMap { ways($0) } + protecting.flatMap { inner($0) } + reversePath + interfaces
      + encapsulation + masquerade
  }

  /// The outer addresses of what leaves, or would if a policy let it.
  private var tunnelEnds: [LookupEnds] {
    let templates = protecting.flatMap(\.templates).compactMap { LookupEnds(of: $0) }
    let associations = outgoingAssociations.map {
      LookupEnds(source: $0.source, destination: $0.destination)
    }
    return (templates + associations).distinct(by: \.self)
  }

  private func ways(_ ends: LookupEnds) -> [Cause] {
    if let link = link(of: ends.source), !link.isUp {
      return [cause(.interfaceDown, "\(link.name) has \(ends.source), and is down")]
    }
    guard route(to: ends.destination) != nil else {
      return [cause(.noRouteToPeer, "no route to \(ends.destination)")]
    }
    return disabled(.disabledPolicy, "disable_policy", to: ends.destination)
  }

  private func disabled(_ id: CauseID, _ name: String, to address: IPAddress) -> [Cause] {
    let group = address.family == .ipv6 ? "ipv6" : "ipv4"
    // Where there is no route it is of all interfaces, or of none.
    let settings = ["all", interface(to: address)].compactMap { interface in
      interface.map { "net.\(group).conf.\($0).\(name)" }
    }.filter { evidence.settings[$0, default: 0] != 0 }
    return settings.isEmpty ? [] : [cause(id, settings.joined(separator: ", ") + " is not 0")]
  }

  private func inner(_ policy: Policy) -> [Cause] {
    let selector = policy.selector
    // It belongs to the route of what is to be protected; IPv6 has none.
    var causes =
      selector.family == .ipv4
      ? disabled(.disabledIPsec, "disable_xfrm", to: selector.destination.address) : []
    guard policy.isTunnel else { return causes }
    if selector.destination.length > 0, route(to: selector.destination.address) == nil {
      causes.append(cause(.noRoute, "no route to \(selector.destination)", policy.words))
    }
    let name =
      selector.family == .ipv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward"
    if evidence.settings[name] == 0, !forwards(selector.family) {
      let lost = busy.isEmpty ? 0 : unforwarded(selector.family)
      let isGateway =
        selector.source.length > 0 && selector.source.length < selector.source.address.bitWidth
      if lost > 0 {
        let counter = "InAddrErrors rose by \(lost)"
        causes.append(cause(.forwardingOff, "\(name) is 0", counter, policy.words))
      } else if isGateway, !sendsItself(selector.source) {
        causes.append(cause(.forwardingOff, "\(name) is 0", policy.words))
      }
    }
    return causes
  }

  /// Packets that were for others and went no further.
  private func unforwarded(_ family: AddressFamily) -> UInt64 {
    guard let before = evidence.before.unforwarded[family],
      let after = evidence.after.unforwarded[family], after > before
    else { return 0 }
    return after - before
  }

  /// Whether single interfaces forward.
  private func forwards(_ family: AddressFamily) -> Bool {
    let group = family == .ipv6 ? "ipv6" : "ipv4"
    return evidence.links.contains { setting("forwarding", of: $0.name, group) != 0 }
  }

  /// A host with an address of its own there may be all that is meant, unless packets come and no
  /// answer leaves.
  private func sendsItself(_ source: IPPrefix) -> Bool {
    let isMember = evidence.addresses.contains { source.contains($0.prefix.address) }
    return isMember && (busy.isEmpty || taken.contains { rise($0) > 0 })
  }

  /// Counted of the whole host: without packets through SAs it need not be about them.
  private var reversePath: [Cause] {
    guard let before = evidence.before.reversePathDrops,
      let after = evidence.after.reversePathDrops, after > before
    else { return [] }
    var found = cause(.reversePath, "IPReversePathFilter rose by \(after - before)")
    found.isSymptom = busy.isEmpty
    return [found]
  }

  private var interfaces: [Cause] {
    guard !evidence.hasEveryInterfaceID else { return [] }
    let asked = Set(evidence.after.policies.compactMap(\.interfaceID)).subtracting([0])
    // Packets get there in other ways, too; those that are dropped behind an SA got nowhere.
    let isLost = raised["XfrmInTmplMismatch"] != nil || raised["XfrmInNoPols"] != nil
    let used = isLost ? [] : associations.filter { rise($0) > 0 }.compactMap(\.interfaceID)
    return asked.subtracting(evidence.interfaceIDs).subtracting(used).sorted().map { id in
      cause(.interfaceID, "policies have interface ID \(id), no xfrm interface has")
    }
  }

  private var encapsulation: [Cause] {
    let moved = evidence.mappings.map { mapping in
      cause(
        .mapping,
        "\(mapping.id): \(mapping.old.address) port \(mapping.old.port) is now "
          + "\(mapping.new.address) port \(mapping.new.port)")
    }
    guard let ports = evidence.udpPorts else { return moved }
    let closed = incomingAssociations.compactMap(\.encapsulation)
      .filter { $0.kind == .espInUDP && !ports.contains($0.destinationPort) }
    return moved
      + Set(closed.map(\.destinationPort)).sorted().map { port in
        cause(.noEncapsulationSocket, "an SA expects ESP at UDP port \(port)")
      }
  }

  /// Source NAT that does not heed IPsec matters if a policy was hit and its SA got nothing.
  private var masquerade: [Cause] {
    let sourceNAT = ["masq", "target MASQUERADE", "target SNAT"]
    let heeding = ["xfrm", "rt", "match policy"]
    let chains = Dictionary(grouping: evidence.rules) { FilterChain($0) }
    let careless = chains.values.filter { rules in
      let parts = rules.flatMap(\.expressions)
      return parts.contains { sourceNAT.contains($0) } && !parts.contains { heeding.contains($0) }
    }
    let first = careless.compactMap(\.first).min {
      ($0.chain, $0.table.name, $0.table.family.rawValue)
        < ($1.chain, $1.table.name, $1.table.family.rawValue)
    }
    guard let rule = first,
      !raised.keys.contains(where: { $0.hasPrefix("XfrmOut") })
    else { return [] }
    let lost = protecting.first { policy in
      guard policy.isTunnel, policy.usage.firstUsedAt >= evidence.before.time,
        policy.usage.firstUsedAt > 0
      else { return false }
      let taken = lookup.choices(for: Self.sample(policy), [policy]).compactMap(\.association)
      return !taken.isEmpty && taken.allSatisfy { rise($0) == 0 }
    }
    guard let lost else { return [] }
    return [
      cause(
        .masquerade, "chain \(rule.chain) of table \(rule.table.name) has source NAT",
        "\(lost.words) is hit, and its SA gets nothing")
    ]
  }
}

/// Chains of one name may be in tables of one name and two families.
private struct FilterChain: Hashable {
  var table: FilterTable
  var name: String

  init(_ rule: FilterRule) { (table, name) = (rule.table, rule.chain) }
}
