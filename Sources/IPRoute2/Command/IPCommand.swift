public import XFRMKit

/// What a command line in the language of `ip xfrm` asks for.
public enum IPCommand: Equatable, Sendable {
  /// `state …`
  case association(AssociationCommand)
  /// `policy …`
  case policy(PolicyCommand)
  /// `monitor …`
  case monitor(MonitorCommand)
  /// `help`
  case help(HelpTopic)
}

/// `state …`
public enum AssociationCommand: Equatable, Sendable {
  /// `add`
  case add(SecurityAssociation)
  /// `update`
  case update(SecurityAssociation)
  /// `replace`: update it if there is one, else add it. Not in iproute2.
  case replace(SecurityAssociation)
  /// `allocspi`
  case allocateSPI(SPIRequest)
  /// `delete`
  case delete(SecurityAssociationID)
  /// `get`
  case get(SecurityAssociationID)
  /// `list`
  case list(AssociationQuery)
  /// `deleteall`
  case deleteAll(AssociationQuery)
  /// `flush`
  case flush(IPProtocol)
  /// `count`
  case count
  /// `migrate`: moves SAs and a policy's templates. Not in iproute2.
  case migrate(Migration)
  /// `ae get`: sequence numbers and counters. Not in iproute2.
  case getCheckpoint(SecurityAssociationID, AssociationCheckpoint.Flags)
  /// `ae set`. Not in iproute2.
  case setCheckpoint(AssociationCheckpoint)
}

/// `policy …`
public enum PolicyCommand: Equatable, Sendable {
  /// `add`
  case add(Policy)
  /// `update`, which adds if there is none.
  case update(Policy)
  /// `delete`
  case delete(PolicyKey)
  /// `get`
  case get(PolicyKey)
  /// `list`
  case list(PolicyQuery)
  /// `deleteall`
  case deleteAll(PolicyQuery)
  /// `flush`
  case flush(Policy.Kind)
  /// `count`
  case count
  /// `set hthresh4 … hthresh6 …`
  case setHashThresholds(ipv4: SPDInfo.HashThreshold?, ipv6: SPDInfo.HashThreshold?)
  /// `setdefault`
  case setDefaultActions(DefaultActions)
  /// `getdefault`
  case getDefaultActions
}

/// `monitor …`
public struct MonitorCommand: Equatable, Sendable {
  /// What to hear; every group that there is by default.
  public var groups = EventGroups(rawValue: .max)
  /// `nokeys`
  public var hidesKeys = false
  /// `all-nsid`: those of other namespaces, too.
  public var hearsAllNamespaces = false
  /// `file FILE`: replays recorded messages.
  public var file: String?

  /// Hears everything.
  public init() {}
}

/// Whose usage text was asked for.
public enum HelpTopic: Equatable, Sendable {
  /// `ip xfrm help`
  case xfrm
  /// `ip xfrm state help`
  case association
  /// `ip xfrm policy help`
  case policy
  /// `ip xfrm monitor help`
  case monitor
}

/// Which SAs `list` and `deleteall` are about. What is `nil` may be anything.
public struct AssociationQuery: Equatable, Sendable {
  /// SAs whose source lies within.
  public var source: IPPrefix?
  /// SAs whose destination lies within.
  public var destination: IPPrefix?
  /// Of both addresses; unspecified for both families.
  public var family = AddressFamily.unspecified
  /// The protocol; ``IPProtocol/ipsec`` for ESP, AH and IPComp.
  public var proto: IPProtocol?
  /// The SPI.
  public var spi: SPI?
  /// The mode.
  public var mode: Mode?
  /// The request ID.
  public var requestID: UInt32?
  /// SAs that have any of these flags; of none of them, no SA has any.
  public var flags: SecurityAssociation.Flags?
  /// The mark, value and mask. Not in iproute2.
  public var mark: Mark?
  /// The interface ID. Not in iproute2.
  public var interfaceID: UInt32?
  /// `nokeys`
  public var hidesKeys = false

  /// Every SA.
  public init() {}

  /// Whether it means every SA.
  public var meansAll: Bool {
    var query = self
    query.hidesKeys = false
    return query == AssociationQuery()
  }
}

/// Which policies `list` and `deleteall` are about. What is `nil` may be anything.
public struct PolicyQuery: Equatable, Sendable {
  /// Policies whose selector's source address lies within.
  public var source: IPPrefix?
  /// Policies whose selector's destination address lies within.
  public var destination: IPPrefix?
  /// Whether the selector's prefixes must lie within as a whole. To iproute2 an address of a wider
  /// one will do: that of 10.0.0.0/8 lies within 10.0.0.0/24.
  public var comparesLengths = false
  /// Of the selector; unspecified for both.
  public var family = AddressFamily.unspecified
  /// The selector's protocol.
  public var proto: IPProtocol?
  /// The selector's source port, or what stands in its place.
  public var sourcePort: Selector.Port?
  /// The selector's destination port, or what stands in its place.
  public var destinationPort: Selector.Port?
  /// The selector's interface; 0 for policies that name none.
  public var interfaceIndex: Int32?
  /// The selector's user. Not in iproute2.
  public var user: UInt32?
  /// The direction.
  public var direction: Policy.Direction?
  /// The kernel's number.
  public var index: UInt32?
  /// Main or sub.
  public var kind: Policy.Kind?
  /// The action.
  public var action: Policy.Action?
  /// The priority.
  public var priority: UInt32?
  /// Policies that have any of these flags; of none of them, no policy has any.
  public var flags: Policy.Flags?
  /// A request ID that one of its templates has. Not in iproute2.
  public var requestID: UInt32?
  /// The mark, value and mask. Not in iproute2.
  public var mark: Mark?
  /// The interface ID. Not in iproute2.
  public var interfaceID: UInt32?
  /// `nosock`: leaves out policies of sockets.
  public var leavesOutSockets = false

  /// Every policy.
  public init() {}

  /// Whether it means every policy but those of sockets.
  public var meansAll: Bool {
    var query = self
    (query.comparesLengths, query.leavesOutSockets) = (false, false)
    return query == PolicyQuery()
  }
}
