internal import XFRMKit

// What RFC 9061 has no words for. An entry that would be for more packets without what is lost, or
// protect them otherwise, is left out.

extension Exchange {
  /// Whether the model can say it; tells of what it cannot.
  mutating func accepts(_ entry: SPDEntry) -> Bool {
    if let reason = entry.unsayable {
      lose(entry.title, reason, isWhole: true)
      return false
    }
    // What a reader takes for granted.
    let isTransport = entry.protections.first.map { !$0.mode.hasOuterAddresses } ?? false
    if entry.direction == .inbound, entry.forwards == isTransport {
      lose(entry.title, "forward: \(entry.forwards ? "yes" : "no")")
    }
    return true
  }

  /// Whether the model can say it; tells of what it cannot.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - policies: Those with its request ID, which tell how long its key is and which way its
  ///     packets go.
  mutating func accepts(_ item: SADEntry, _ name: String, _ policies: [PolicyOutline]) -> Bool {
    let value = item.entry.association
    if let reason = item.unsayable {
      lose(name, reason, isWhole: true)
      return false
    }
    let direction = PolicyOutline.direction(
      from: IPPrefix(value.source), to: IPPrefix(value.destination), policies)
    // It would be taken for one of the other way, against its policies.
    guard direction == item.direction || policies.isEmpty else {
      lose(name, "which way its packets go, which its policies do not tell", isWhole: true)
      return false
    }
    var missing = direction == nil ? ["which way its packets go"] : []
    if value.outputMark != nil { missing.append("output-mark") }
    if value.trafficFlowPadding != nil { missing.append("tfc-pad") }
    for limits in [value.lifetime.hard, value.lifetime.soft] {
      if limits.secondsFromAdd > UInt32.max { missing.append("a time of more than 32 bits") }
      if limits.packets != Lifetime.unlimited, limits.packets > UInt32.max {
        missing.append("packets of more than 32 bits")
      }
    }
    // What a reader takes for granted.
    let allowed = policies.filter { $0.direction == direction ?? .inbound }.flatMap(\.proposals)
    if case .esp(let proposal) = item.entry.protection,
      let transforms = Transforms.numbers(of: proposal),
      Transforms.proposal(transforms.encryption, transforms.integrity, among: allowed) != proposal
    {
      missing.append("the length of its key")
    }
    if !missing.isEmpty { lose(name, missing.joined(separator: ", ")) }
    return true
  }
}

extension SPDEntry {
  /// With what it is among the entries of its connection.
  var title: String {
    guard isOfConnection else { return name }
    return "\(name)/" + (purpose.isEmpty ? "" : "\(purpose)-") + direction.rawValue
      + (ordinal > 1 ? ".\(ordinal)" : "")
  }

  fileprivate var unsayable: String? {
    if mark != nil { return "it has a mark" }
    if interfaceID != nil { return "it has an if-id" }
    if selector.localPorts.merged.contains(0...0) || selector.remotePorts.merged.contains(0...0) {
      return "it is for port 0, which is any port to the model"
    }
    if selector.icmp == ICMPSelector(type: 0, code: 0) {
      return "it is for type 0 with code 0, which is any message to the model"
    }
    guard action == .protect else { return nil }
    if protections.count > 1 { return "it has \(protections.count) SAs one after the other" }
    guard let protection = protections.first else { return nil }
    if protection.proto != .esp { return "it has \(protection.proto)" }
    guard [.transport, .tunnel].contains(protection.mode) else {
      return "it has mode \(protection.mode)"
    }
    guard protection.proposals.allSatisfy({ Transforms.numbers(of: $0) != nil }) else {
      return "an algorithm of it has no number"
    }
    return Transforms.combinations(protection.proposals) == Set(protection.proposals)
      ? nil : "its proposals do not combine every cipher with every hash"
  }
}

extension SADEntry {
  fileprivate var unsayable: String? {
    let value = entry.association
    if entry.name.generation == 0 { return "it has no keys yet" }
    guard case .esp(let proposal) = entry.protection else { return "it is of \(value.proto)" }
    if Transforms.numbers(of: proposal) == nil { return "\(proposal) has no numbers" }
    guard [.transport, .tunnel].contains(value.mode) else { return "it has mode \(value.mode)" }
    if value.mark != nil { return "it has a mark" }
    return value.interfaceID == nil ? nil : "it has an if-id"
  }
}
