internal import XFRMKit

extension Exchange {
  /// Makes entries of SAs.
  ///
  /// - Parameters:
  ///   - associations: The kernel's.
  ///   - policies: Tell which way packets go.
  ///   - holdings: What of it is this manager's.
  mutating func addAssociations(
    _ associations: [SecurityAssociation], beside policies: [Policy], _ holdings: Holdings
  ) {
    let users = Dictionary(
      grouping: policies.filter { !$0.templates.isEmpty }, by: { $0.templates[0].requestID })
    for association in associations {
      do throws(Inexpressible) {
        let direction = association.direction(users[association.requestID] ?? [])
        let name = name(
          like: holdings.name(of: association).map { "\($0)" }
            ?? "sa-\(String(association.spi.rawValue, radix: 16))", of: .association)
        let (entry, missing) = try SADEntry.making(association, direction ?? .incoming, name)
        var lost = missing
        if direction == nil { lost.append("which way its packets go, which nothing tells") }
        if !lost.isEmpty { lose(name, lost.joined(separator: ", ")) }
        add(entry, association)
      } catch {
        lose("\(association.id)", error.reason, isWhole: true)
      }
    }
  }

  private mutating func add(_ entry: SADEntry, _ association: SecurityAssociation) {
    var entry = entry
    let name = entry.entry.name.entry
    let protection = entry.entry.protection
    if protection.keyBytes > 0 {
      entry.entry.key = .file("\(keyFolder)/\(name)")
      if !protection.needsFreshKeys { keys[name] = association.keyMaterial }
    }
    associations.append(entry)
  }
}

extension SecurityAssociation {
  /// Which way its packets go; `nil` if nothing tells.
  ///
  /// - Parameter policies: Those with its request ID.
  fileprivate func direction(_ policies: [Policy]) -> Direction? {
    if let direction { return direction }
    if trafficFlowPadding != nil { return .outgoing }
    if let policy = policies.first(where: { uses($0) }) {
      return policy.direction == .outgoing ? .outgoing : .incoming
    }
    let sent =
      replayState.map { UInt64($0.outgoingSequence) }
      ?? extendedReplayState?.outgoingSequence ?? 0
    let received =
      replayState.map { UInt64($0.incomingSequence) }
      ?? extendedReplayState?.incomingSequence ?? 0
    return sent > 0 ? .outgoing : received > 0 ? .incoming : nil
  }

  private func uses(_ policy: Policy) -> Bool {
    policy.templates.contains { template in
      guard template.proto == proto, template.mode == mode else { return false }
      return mode.hasOuterAddresses
        ? template.source == source && template.destination == destination
        : policy.selector.source.contains(source)
          && policy.selector.destination.contains(destination)
    }
  }

  /// Its keys, in the order that files have them.
  fileprivate var keyMaterial: Secret {
    let parts = [aead?.key, encryption?.key, authentication?.key].compactMap { $0 }
    if parts.count == 1 { return parts[0] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    defer { bytes.wipe() }
    for part in parts {
      part.withBytes { for index in $0.indices { bytes.append($0[index]) } }
    }
    return Secret(bytes.span)
  }
}
