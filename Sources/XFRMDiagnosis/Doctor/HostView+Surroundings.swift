internal import XFRMKit

/// Interfaces, routes, settings, the packet filter.
extension HostView {
  var surroundings: [Cause] {
    tunnelEnds.flatMap { ways($0) } + protecting.flatMap { inner($0) } + reversePath + interfaces
      + encapsulation + masquerade
  }

  /// The outer addresses of what leaves, or would if a policy let it.
  private var tunnelEnds: [LookupEnds] {
    let templates = protecting.flatMap(\.templates).filter { $0.mode.hasOuterAddresses }
      .map { LookupEnds(source: $0.source, destination: $0.destination) }
    let associations = outgoingAssociations.map {
      LookupEnds(source: $0.source, destination: $0.destination)
    }
    return Array(Set(templates + associations))
  }

  private func ways(_ ends: LookupEnds) -> [Cause] {
    if let link = link(of: ends.source), !link.isUp {
      return [cause(.interfaceDown, "\(link.name) has \(ends.source), and is down")]
    }
    guard let route = route(to: ends.destination) else {
      return [cause(.noRouteToPeer, "no route to \(ends.destination)")]
    }
    let interface = evidence.links.first { $0.index == route.interfaceIndex }?.name ?? ""
    let group = ends.destination.family == .ipv6 ? "ipv6" : "ipv4"
    // IPv6 has no disable_xfrm.
    let settings: [(CauseID, String, String)] = [
      (.disabledIPsec, "ipv4", "disable_xfrm"), (.disabledPolicy, group, "disable_policy"),
    ]
    return settings.compactMap { id, group, name in
      guard setting(name, of: interface, group) != 0 else { return nil }
      return cause(id, "net.\(group).conf.\(interface).\(name), or that of all, is 1")
    }
  }

  private func inner(_ policy: Policy) -> [Cause] {
    guard policy.isTunnel else { return [] }
    var causes: [Cause] = []
    let selector = policy.selector
    if selector.destination.length > 0, route(to: selector.destination.address) == nil {
      causes.append(cause(.noRoute, "no route to \(selector.destination)", policy.words))
    }
    let isGateway = selector.source.length < selector.source.address.bitWidth
    let name =
      selector.family == .ipv6 ? "net.ipv6.conf.all.forwarding" : "net.ipv4.ip_forward"
    if isGateway, selector.source.length > 0, evidence.settings[name] == 0 {
      causes.append(cause(.forwardingOff, "\(name) is 0", policy.words))
    }
    return causes
  }

  private var reversePath: [Cause] {
    guard let before = evidence.before.reversePathDrops,
      let after = evidence.after.reversePathDrops, after > before
    else { return [] }
    return [cause(.reversePath, "IPReversePathFilter rose by \(after - before)")]
  }

  private var interfaces: [Cause] {
    guard !evidence.hasEveryInterfaceID else { return [] }
    let asked = Set(evidence.after.policies.compactMap(\.interfaceID)).subtracting([0])
    return asked.subtracting(evidence.interfaceIDs).sorted().map { id in
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
    let chains = Dictionary(grouping: evidence.rules) { [$0.table.name, $0.chain] }
    let careless = chains.values.filter { rules in
      let parts = rules.flatMap(\.expressions)
      return parts.contains { sourceNAT.contains($0) } && !parts.contains { heeding.contains($0) }
    }
    guard let rule = careless.compactMap(\.first).min(by: { $0.chain < $1.chain }),
      !raised.keys.contains(where: { $0.hasPrefix("XfrmOut") })
    else { return [] }
    let lost = protecting.first { policy in
      guard policy.isTunnel, policy.usage.firstUsedAt >= evidence.before.time,
        policy.usage.firstUsedAt > 0
      else { return false }
      let taken = lookup.choices(for: sample(policy), [policy]).compactMap(\.association)
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
