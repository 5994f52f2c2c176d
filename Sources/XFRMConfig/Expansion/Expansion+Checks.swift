internal import XFRMKit

extension Expansion {
  /// What of the kernel's objects does not fit together.
  mutating func check() {
    let places = Dictionary(policies.map { ($0.name, $0.span) }) { first, _ in first }
    checkPolicies(places)
    checkAssociations()
    checkProtections()
    checkNeighbours()
    if !diagnostics.hasErrors { checkReach() }
  }

  // MARK: Twice the same

  /// To the kernel two policies with one key are one.
  private mutating func checkPolicies(_ places: [String: SourceSpan]) {
    var owners: [PolicyKey: ObjectName] = [:]
    var told: Set<[String]> = []
    for entry in state.policies {
      if entry.role != .guard, let place = places[entry.name.entry] { check(entry, place) }
      guard let owner = owners.updateValue(entry.name, forKey: entry.policy.key) else { continue }
      guard entry.role != .guard, let place = places[entry.name.entry],
        told.insert([entry.name.entry, owner.entry]).inserted
      else { continue }
      diagnostics.error(
        place, "\(entry.name.entry) is for the same packets as \(owner.entry): \(entry.policy)",
        help: "to the kernel both are one policy; remove one")
    }
  }

  private mutating func checkAssociations() {
    var owners: [SecurityAssociationID: ObjectName] = [:]
    var keys: [KeyReference: ObjectName] = [:]
    for item in associations where item.entry.name.generation != 0 {
      let (entry, span) = (item.entry, item.span)
      var id = entry.association.id
      id.source = nil
      if let owner = owners.updateValue(entry.name, forKey: id) {
        diagnostics.error(
          span, "\(entry.name.entry) and \(owner.entry) are one SA to the kernel: \(id)",
          help: "give each an SPI of its own")
      }
      if let key = entry.key, key.isStatic, let owner = keys.updateValue(entry.name, forKey: key) {
        diagnostics.error(
          span, "\(entry.name.entry) has the key of \(owner.entry): \(key)",
          help: "give each SA a key of its own")
      }
      check(entry, span)
    }
  }

  /// What the kernel would refuse.
  private mutating func check(_ entry: AssociationEntry, _ span: SourceSpan) {
    var association = entry.association
    switch entry.protection {
    case .esp(let proposal): proposal.protect(&association)
    case .ah(let hash, let bits):
      association.authentication = Authentication(
        name: hash.name, key: hash.randomKey(), truncationBits: bits)
    case .ipComp(let algorithm): association.compression = Compression(name: algorithm.name)
    }
    for finding in association.findings where finding.rule.severity == .refused {
      diagnostics.error(
        span, "the kernel refuses \(entry.name): \(finding.explanation)", help: finding.rule.remedy)
    }
  }

  /// What the kernel would refuse.
  private mutating func check(_ entry: PolicyEntry, _ span: SourceSpan) {
    for finding in entry.policy.findings where finding.rule.severity == .refused {
      diagnostics.error(
        span, "the kernel refuses \(entry.name): \(finding.explanation)", help: finding.rule.remedy)
    }
  }

  // MARK: Policies and their SAs

  private mutating func checkProtections() {
    let byRequestID = Dictionary(grouping: associations) { $0.entry.association.requestID }
    let protecting = policies.filter { !$0.isOfConnection && $0.action == .protect }
    let ways = Set(protecting.flatMap { entry in entry.protections.compactMap { Way($0, entry) } })
    for entry in protecting {
      let own = (byRequestID[entry.requestID] ?? []).filter { $0.direction == entry.direction }
      for protection in entry.protections {
        let way = Way(protection, entry)
        let fitting = own.filter {
          guard $0.entry.association.proto == protection.proto,
            $0.entry.association.mode == protection.mode
          else { return false }
          // One between ends of another policy is that one's.
          let present = Way($0)
          return way == nil || way == present || !ways.contains(present)
        }
        if fitting.isEmpty, !protection.isOptional {
          diagnostics.warning(
            entry.span,
            "no \(entry.direction.rawValue) SA of sad has reqid \(entry.requestID) with \(protection.proto) "
              + "in \(protection.mode) mode",
            help: "until somebody adds one, \(entry.name) drops what it is for")
        }
        for association in fitting { check(association, entry, protection) }
      }
    }
  }

  private mutating func check(
    _ association: SADEntry, _ entry: SPDEntry, _ protection: SPDEntry.Protection
  ) {
    let value = association.entry.association
    func complain(_ what: String) {
      diagnostics.error(
        association.span, "\(association.entry.name.entry) \(what), against \(entry.name)",
        help: "change one of them: \(entry.span)")
    }
    if let ends = protection.ends {
      let isOutbound = association.direction == .outbound
      let (source, destination) = (
        isOutbound ? ends.local : ends.remote, isOutbound ? ends.remote : ends.local
      )
      if value.source != source || value.destination != destination {
        complain("leads from \(value.source) to \(value.destination)")
      }
    }
    let isExtended = value.flags.contains(.extendedSequenceNumbers)
    if let wanted = protection.extendedSequenceNumbers, wanted != isExtended {
      complain("has ext-seq-num: \(isExtended)")
    }
    let mayWrap = value.extraFlags?.contains(.sequenceMayWrap) ?? false
    if let wanted = protection.sequenceMayWrap, wanted != mayWrap {
      complain("has seq-overflow: \(mayWrap)")
    }
    let window = value.extendedReplayState?.window ?? UInt32(value.replayWindow)
    if let least = protection.replayWindow, window < least {
      complain("has a window of \(window) packets")
    }
    if case .esp(let proposal) = association.entry.protection, !protection.proposals.isEmpty,
      !protection.proposals.contains(proposal)
    {
      complain("has \(proposal)")
    }
  }

  // MARK: Never reached

  /// Entries that no packet comes to, because another one is for all of theirs.
  private mutating func checkReach() {
    // Each is held against each: for thousands that would take too long.
    guard policies.count <= 1000 else { return }
    for (index, entry) in policies.enumerated() where entry.purpose.isEmpty {
      let earlier = policies[..<index].first {
        $0.purpose.isEmpty && $0.name != entry.name && $0.covers(entry)
      }
      guard let earlier else { continue }
      diagnostics.warning(
        entry.span,
        "\(entry.name) (\(entry.direction.rawValue)) is never reached: \(earlier.name) is for all of "
          + "its packets, and comes first",
        help: "move it before \(earlier.name)")
    }
  }
}

/// What tells SAs of one request ID apart, as templates of policies do.
private struct Way: Hashable {
  private var requestID: UInt32
  private var direction: SPDEntry.Direction
  private var proto: IPProtocol
  private var mode: Mode
  private var local: IPAddress
  private var remote: IPAddress

  /// `nil` if the ends are those of each packet.
  init?(_ protection: SPDEntry.Protection, _ entry: SPDEntry) {
    guard let ends = protection.ends else { return nil }
    (requestID, direction) = (entry.requestID, entry.direction)
    (proto, mode) = (protection.proto, protection.mode)
    (local, remote) = (ends.local, ends.remote)
  }

  init(_ item: SADEntry) {
    let value = item.entry.association
    let isOutbound = item.direction == .outbound
    (requestID, direction) = (value.requestID, item.direction)
    (proto, mode) = (value.proto, value.mode)
    local = isOutbound ? value.source : value.destination
    remote = isOutbound ? value.destination : value.source
  }
}

extension SPDEntry {
  /// Whether every packet of another entry is one of this.
  fileprivate func covers(_ other: SPDEntry) -> Bool {
    direction == other.direction && mark == nil && interfaceID == other.interfaceID
      && (forwards || !other.forwards) && selector.covers(other.selector)
  }
}

extension TrafficSelector {
  fileprivate func covers(_ other: TrafficSelector) -> Bool {
    local.covers(other.local) && remote.covers(other.remote)
      && (proto == .any
        || proto == other.proto && icmp == nil && Self.covers(localPorts, other.localPorts)
          && Self.covers(remotePorts, other.remotePorts))
  }

  private static func covers(
    _ own: [ClosedRange<UInt16>], _ others: [ClosedRange<UInt16>]
  ) -> Bool {
    if own.isEmpty { return true }
    let merged = own.merged
    return !others.isEmpty
      && others.allSatisfy { other in
        merged.contains { $0.lowerBound <= other.lowerBound && other.upperBound <= $0.upperBound }
      }
  }
}

extension IPPrefix {
  /// Whether it has all addresses of another one.
  func covers(_ other: IPPrefix) -> Bool {
    length <= other.length && contains(other.address)
  }
}
