/// Something the kernel announces about its IPsec databases.
public struct XFRMEvent: Equatable, Sendable {
  /// What has happened.
  @nonexhaustive
  public enum Content: Equatable, Sendable {
    /// An SA as it is stored, keys included: `XFRM_MSG_NEWSA`. Larval ones are not announced.
    case associationAdded(SecurityAssociation)
    /// What was *asked*, not what is stored: keys and flags in it may not have been taken, and its
    /// counters are zero. Ask for the SA to learn more.
    case associationUpdated(SecurityAssociation)
    /// Somebody deleted it. SAs that expire are not announced so, but as
    /// ``associationExpired(_:)``.
    case associationDeleted(SecurityAssociation)
    /// Every SA of a protocol went, without a word on each.
    case associationsFlushed(IPProtocol)
    /// It reached a limit of its lifetime: `XFRM_MSG_EXPIRE`.
    case associationExpired(AssociationExpiry)
    /// Sequence numbers and counters of an SA.
    case checkpoint(AssociationCheckpoint)
    /// The peer of an SA in UDP has another address.
    case mapping(AddressMapping)

    /// A policy as it is stored, its index included: `XFRM_MSG_NEWPOLICY`.
    case policyAdded(Policy)
    /// It was replaced, or added if there was none.
    case policyUpdated(Policy)
    /// Somebody deleted it. Policies that expire are announced as ``policyExpired(_:)``.
    case policyDeleted(Policy)
    /// Every policy of a type went, without a word on each.
    case policiesFlushed(Policy.Kind)
    /// It reached a limit of its lifetime: `XFRM_MSG_POLEXPIRE`.
    case policyExpired(PolicyExpiry)
    /// What becomes of packets that no policy matches has changed; since Linux 5.15.
    case defaultActionsChanged(DefaultActions)

    /// An SA is needed.
    case acquire(Acquire)
    /// SAs and the templates of a policy have other endpoints: `XFRM_MSG_MIGRATE`.
    case migrated(Migration)
    /// Mobile IPv6: a packet came that no state is for.
    case report(AddressReport)
    /// A message that this version has no name for.
    case other(MessageType, payload: Secret)
  }

  /// What has happened.
  public var content: Content
  /// As it came: its length, number and flags.
  public var header: MessageHeader
  /// What has happened, and the header of the message that told it.
  package init(content: Content, header: MessageHeader) {
    self.content = content
    self.header = header
  }

  /// What the request that caused it had in its header; 0 for what the kernel did by itself.
  public var sequence: UInt32 { header.sequence }
  /// Whose request caused it, ``XFRMClient/port``; 0 for what the kernel did by itself, and for
  /// changes by programs that do not say, such as `ip`.
  public var port: UInt32 { header.port }
}

/// `XFRMNLGRP_…`: which events to hear.
public struct EventGroups: OptionSet, Hashable, Sendable {
  public var rawValue: UInt32
  /// - Parameter rawValue: A bit for each group; the lowest is group 1.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// That an SA is needed. While somebody hears this the kernel holds packets back and waits for an
  /// answer.
  public static let acquire = EventGroups(rawValue: 1 << 0)
  /// SAs and policies that reach a limit: `XFRMNLGRP_EXPIRE`.
  public static let expiry = EventGroups(rawValue: 1 << 1)
  /// SAs that are added, updated, deleted, flushed: `XFRMNLGRP_SA`.
  public static let associations = EventGroups(rawValue: 1 << 2)
  /// Policies that are, and default actions: `XFRMNLGRP_POLICY`.
  public static let policies = EventGroups(rawValue: 1 << 3)
  /// Sequence numbers and counters of SAs, as they go on: `XFRMNLGRP_AEVENTS`. The kernel makes
  /// them only while somebody listens.
  public static let checkpoints = EventGroups(rawValue: 1 << 4)
  /// Mobile IPv6: `XFRMNLGRP_REPORT`.
  public static let reports = EventGroups(rawValue: 1 << 5)
  /// `XFRMNLGRP_MIGRATE`
  public static let migrations = EventGroups(rawValue: 1 << 6)
  /// Peers whose NAT has changed its mind: `XFRMNLGRP_MAPPING`.
  public static let mappings = EventGroups(rawValue: 1 << 7)

  /// Every change of the databases.
  public static let changes: EventGroups = [
    .expiry, .associations, .policies, .migrations,
  ]
  /// All but ``acquire``: listening to everything must not make the kernel wait.
  public static let passive: EventGroups = [
    .expiry, .associations, .policies, .checkpoints, .reports, .migrations, .mappings,
  ]

  /// Every group that there is; listening to it makes the kernel wait for answers to acquires.
  public static let all = EventGroups(rawValue: 0xff)

  var numbers: [UInt32] { (0..<32).filter { rawValue & 1 << $0 != 0 }.map { $0 + 1 } }
}
