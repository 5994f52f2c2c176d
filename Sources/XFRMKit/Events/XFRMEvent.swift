/// Something the kernel announces about its IPsec databases.
public struct XFRMEvent: Equatable, Sendable {
  @nonexhaustive
  public enum Content: Equatable, Sendable {
    case associationAdded(SecurityAssociation)
    /// What was *asked*, not what is stored: keys and flags in it may not have been taken, and its
    /// counters are zero. Ask for the SA to learn more.
    case associationUpdated(SecurityAssociation)
    /// Somebody deleted it. SAs that expire are not announced so, but as
    /// ``associationExpired(_:)``.
    case associationDeleted(SecurityAssociation)
    /// Every SA of a protocol went, without a word on each.
    case associationsFlushed(IPProtocol)
    case associationExpired(AssociationExpiry)
    /// Sequence numbers and counters of an SA.
    case checkpoint(AssociationCheckpoint)
    /// The peer of an SA in UDP has another address.
    case mapping(AddressMapping)

    case policyAdded(Policy)
    /// It was replaced, or added if there was none.
    case policyUpdated(Policy)
    case policyDeleted(Policy)
    /// Every policy of a type went, without a word on each.
    case policiesFlushed(Policy.Kind)
    case policyExpired(PolicyExpiry)
    case defaultActionsChanged(DefaultActions)

    /// An SA is needed.
    case acquire(Acquire)
    case migrated(Migration)
    case report(AddressReport)
    /// A message that this version has no name for.
    case other(MessageType, payload: Secret)
  }

  public var content: Content
  /// What the request that caused it had in its header; 0 for what the kernel did by itself.
  public var sequence: UInt32
  /// Whose request caused it, ``XFRMClient/port``; 0 for what the kernel did by itself, and for
  /// changes by programs that do not say, such as `ip`.
  public var port: UInt32
}

/// `XFRMNLGRP_…`: which events to hear.
public struct EventGroups: OptionSet, Hashable, Sendable {
  public var rawValue: UInt32
  /// - Parameter rawValue: A bit for each group; the lowest is group 1.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// That an SA is needed. While somebody hears this the kernel holds packets back and waits for an
  /// answer.
  public static let acquire = EventGroups(rawValue: 1 << 0)
  public static let expiry = EventGroups(rawValue: 1 << 1)
  public static let associations = EventGroups(rawValue: 1 << 2)
  public static let policies = EventGroups(rawValue: 1 << 3)
  public static let checkpoints = EventGroups(rawValue: 1 << 4)
  public static let reports = EventGroups(rawValue: 1 << 5)
  public static let migrations = EventGroups(rawValue: 1 << 6)
  public static let mappings = EventGroups(rawValue: 1 << 7)

  /// Every change of the databases.
  public static let changes: EventGroups = [
    .expiry, .associations, .policies, .migrations,
  ]
  /// All but ``acquire``: listening to everything must not make the kernel wait.
  public static let passive: EventGroups = [
    .expiry, .associations, .policies, .checkpoints, .reports, .migrations, .mappings,
  ]

  var numbers: [UInt32] { (0..<32).filter { rawValue & 1 << $0 != 0 }.map { $0 + 1 } }
}
