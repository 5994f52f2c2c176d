/// Both databases of a network namespace at one moment.
public struct Snapshot: Equatable, Sendable {
  /// In no particular order.
  public var associations: [SecurityAssociation]
  /// Main, sub and per-socket policies, in no particular order.
  public var policies: [Policy]
  /// Whether the kernel counted as many SAs and policies just then. It may not, for instance while
  /// larval SAs, which are not announced, come and go.
  public var isVerified: Bool
}

/// A snapshot in the making: what was listed, and then what was announced meanwhile.
struct SnapshotTable {
  private var associations: [AssociationKey: SecurityAssociation] = [:]
  private var policies: [PolicyKey: Policy] = [:]
  /// Policies of sockets: several may have one key, and none is ever announced.
  private var socketPolicies: [Policy] = []
  /// Announcements told less than there is to know, or nothing that is understood.
  private(set) var isIncomplete = false

  init(_ associations: [SecurityAssociation], _ policies: [Policy]) {
    self.associations.reserveCapacity(associations.count)
    for association in associations { add(association) }
    self.policies.reserveCapacity(policies.count)
    for policy in policies {
      if policy.direction.isOfSocket {
        socketPolicies.append(policy)
      } else {
        self.policies[policy.key] = policy
      }
    }
  }

  /// Takes in what was heard.
  ///
  /// - Parameter read: Asks the kernel for an SA; `nil` if there is none.
  mutating func apply(
    _ element: XFRMEvents.Element,
    reading read: (SecurityAssociationID) throws(XFRMError) -> SecurityAssociation?
  ) throws(XFRMError) {
    switch element {
    case .event(let event): try apply(event.content, reading: read)
    case .unreadable: isIncomplete = true
    case .snapshot: break
    }
  }

  /// Takes in an announcement; those that the list contains already change nothing.
  ///
  /// - Parameter read: Asks the kernel for an SA; `nil` if there is none.
  mutating func apply(
    _ content: XFRMEvent.Content,
    reading read: (SecurityAssociationID) throws(XFRMError) -> SecurityAssociation?
  ) throws(XFRMError) {
    switch content {
    case .associationAdded(let association): add(association)
    case .associationUpdated(let association):
      // What was asked, not what is stored.
      if let stored = try read(association.id) { add(stored) } else { remove(association) }
    case .associationDeleted(let association): remove(association)
    case .associationExpired(let expiry) where expiry.isHard: remove(expiry.association)
    case .associationsFlushed(let proto):
      associations = associations.filter { !proto.covers($0.value.proto) }
    case .policyAdded(let policy), .policyUpdated(let policy): policies[policy.key] = policy
    case .policyDeleted(let policy): policies[policy.key] = nil
    case .policyExpired(let expiry) where expiry.isHard: policies[expiry.policy.key] = nil
    case .policiesFlushed(let kind): policies = policies.filter { $0.value.kind != kind }
    // The SAs it made are not announced by themselves. What has no name here may have made some,
    // too, as `XFRM_MSG_MIGRATE_STATE` of Linux 7.2 does, and their number may be what it was.
    case .migrated, .other: isIncomplete = true
    case .associationExpired, .policyExpired, .checkpoint, .mapping, .defaultActionsChanged,
      .acquire, .report:
      break
    }
  }

  private mutating func add(_ association: SecurityAssociation) {
    associations[AssociationKey(association)] = association
  }

  private mutating func remove(_ association: SecurityAssociation) {
    associations[AssociationKey(association)] = nil
  }

  /// - Parameters: What the kernel counts.
  func snapshot(_ sad: SADInfo, _ spd: SPDInfo) -> Snapshot {
    let isVerified =
      associations.count == Int(sad.count)
      && policies.count == Int(spd.count)
      && socketPolicies.count == Int(spd.socketCount)
    return Snapshot(
      associations: Array(associations.values),
      policies: Array(policies.values) + socketPolicies, isVerified: isVerified)
  }
}

extension XFRMEvents.Element {
  /// Whether a snapshot that is taken later leaves nothing of it to be known.
  var isToldBySnapshots: Bool {
    guard case .event(let event) = self else { return false }
    return switch event.content {
    case .associationAdded, .associationUpdated, .associationDeleted, .associationsFlushed: true
    case .policyAdded, .policyUpdated, .policyDeleted, .policiesFlushed, .migrated: true
    case .associationExpired(let expiry): expiry.isHard
    case .policyExpired(let expiry): expiry.isHard
    case .checkpoint, .mapping, .defaultActionsChanged, .acquire, .report, .other: false
    }
  }
}

/// What tells one SA from another. Larval ones have no SPI yet, and share all else of their ID.
private struct AssociationKey: Hashable {
  var id: SecurityAssociationID
  var larval: Larval?

  struct Larval: Hashable {
    var source: IPAddress
    var requestID: UInt32
    var sequence: UInt32
  }

  init(_ association: SecurityAssociation) {
    id = association.id
    if [.esp, .ah, .ipComp].contains(id.proto) { id.source = nil }
    id.mark = id.mark.map { Mark($0.value & $0.mask, mask: $0.mask) }
    guard id.spi == 0 else { return }
    larval = Larval(
      source: association.source, requestID: association.requestID,
      sequence: association.sequence)
  }
}

extension IPProtocol {
  /// Whether flushing this takes SAs of the other with it.
  fileprivate func covers(_ other: IPProtocol) -> Bool {
    switch self {
    case .any: true
    case .ipsec: [.esp, .ah, .ipComp].contains(other)
    default: self == other
    }
  }
}
