internal import XFRMKit

/// What the kernel has, told apart by whose it is.
struct Inventory: Sendable {
  /// What the journal and the kernel agree about.
  var policies: [Tag: Policy] = [:]
  var associations: [Tag: SecurityAssociation] = [:]
  /// With a tag of ours that the journal knows nothing of: it was lost, or somebody imitates us.
  var orphanPolicies: [Policy] = []
  var orphanAssociations: [SecurityAssociation] = []
  var foreignPolicies: [Policy] = []
  var foreignAssociations: [SecurityAssociation] = []
  private var tags: [PolicyKey: Tag] = [:]

  /// What is ours for a key.
  func policy(_ key: PolicyKey) -> (tag: Tag, policy: Policy)? {
    guard let tag = tags[key], let policy = policies[tag] else { return nil }
    return (tag, policy)
  }

  init(_ snapshot: KernelSnapshot, _ holdings: Holdings) {
    for policy in snapshot.policies {
      guard let tag = Tag(policy) else {
        foreignPolicies.append(policy)
        continue
      }
      // Somebody may have put another in its place: an update keeps the index.
      if holdings.policies[tag]?.key == policy.key {
        policies[tag] = policy
        tags[policy.key] = tag
      } else {
        orphanPolicies.append(policy)
      }
    }
    for association in snapshot.associations {
      guard let tag = Tag(association) else {
        foreignAssociations.append(association)
        continue
      }
      if holdings.associations[tag]?.id.isSame(as: association.id) == true {
        associations[tag] = association
      } else {
        orphanAssociations.append(association)
      }
    }
  }

  /// Whose the foreign objects probably are, as far as their numbers tell.
  var foreign: [ForeignObjects] {
    var counts: [String: ForeignObjects] = [:]
    for policy in foreignPolicies {
      let owner = policy.probableOwner
      counts[owner, default: ForeignObjects(owner, associations: 0, policies: 0)].policies += 1
    }
    for association in foreignAssociations {
      let owner = association.probableOwner
      counts[owner, default: ForeignObjects(owner, associations: 0, policies: 0)].associations += 1
    }
    return counts.values.sorted { $0.owner < $1.owner }
  }
}

extension SecurityAssociationID {
  /// Whether the kernel finds the same SA by both. The source is of no concern to ESP, AH and IPComp.
  func isSame(as other: SecurityAssociationID) -> Bool {
    destination == other.destination && spi == other.spi && proto == other.proto
      && mark?.mask ?? 0 == other.mark?.mask ?? 0
      && (mark?.value ?? 0) & (mark?.mask ?? 0) == (other.mark?.value ?? 0)
        & (other.mark?.mask ?? 0)
  }
}

// MARK: - Others

extension SecurityAssociation {
  fileprivate var probableOwner: String {
    switch (requestID, spi.rawValue) {
    case (0xd0c4e3, _): "docker"
    case (_, 0xc000_0000...0xcfff_ffff), (1..<0x4000, _): "charon"
    case (16_384..<0x10_0000, _): "pluto"
    default: "others"
    }
  }
}

extension Policy {
  fileprivate var probableOwner: String {
    switch (templates.first?.requestID ?? 0, priority) {
    case (0xd0c4e3, _): "docker"
    case (_, 0x10_0000..<0x40_0000): "pluto"
    case (1..<0x4000, 60_001...600_000): "charon"
    default: "others"
    }
  }
}
