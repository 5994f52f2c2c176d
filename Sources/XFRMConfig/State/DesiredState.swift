public import XFRMKit

/// What a configuration comes to on one host, in one network namespace: every object that the
/// kernel is to have, and nothing of how it gets there.
public struct DesiredState: Sendable {
  /// In the order in which packets are to be held against them, the strongest first; guards after
  /// all others. Their priorities are of no concern here: planning gives them some, so that those
  /// in the kernel need not change without reason.
  public var policies: [PolicyEntry] = []
  public var associations: [AssociationEntry] = []
  public var interfaces: [InterfaceEntry] = []
  public var routes: [RouteEntry] = []
  /// What stands behind routes, where nothing is to pass in clear.
  public var routeGuards: [RouteGuard] = []
  public var settings: [SettingEntry] = []
  /// What becomes of packets that no policy matches; `nil` if it is to stay as it is.
  public var defaultActions: DefaultActions?
  /// The network namespace that it is for; `nil` for the caller's.
  public var namespace: String?
  /// Whether guards are all that there is to be (``guardsOnly``): they take nothing away that the
  /// whole needs.
  var isGuardsOnly = false
  /// What is done though it is dangerous, one sentence each: it belongs to every output.
  public var watermarks: [String] = []
  /// What somebody should know who has it planned: every plan warns of it.
  public var remarks: [String] = []

  public init() {}
}

/// A policy that is wanted.
public struct PolicyEntry: Sendable {
  /// What it is there for.
  public enum Role: String, Hashable, Sendable {
    case protect
    case bypass
    case discard
    /// It drops what an entry protects while no policy of that entry is there.
    case `guard`
  }

  public var name: ObjectName
  public var role: Role
  /// Without an index, which planning gives it.
  public var policy: Policy
  /// The SA that its template is pinned to, by the name that it has here without its generation;
  /// `nil` if the kernel is to choose.
  public var pinnedTo: ObjectName?

  public init(_ name: ObjectName, _ role: Role, _ policy: Policy, pinnedTo: ObjectName? = nil) {
    self.name = name
    self.role = role
    self.policy = policy
    self.pinnedTo = pinnedTo
  }
}

/// An SA that is wanted, without its key.
public struct AssociationEntry: Sendable {
  /// The algorithms that an SA is protected with.
  public enum Protection: Hashable, Sendable {
    case esp(ESPProposal)
    case ah(AuthenticationAlgorithm, checkBits: UInt32)
    case ipComp(CompressionAlgorithm)
  }

  /// With its generation.
  public var name: ObjectName
  /// Whether it is for packets that come in or that leave.
  public var direction: SecurityAssociation.Direction
  /// Everything but algorithms and keys.
  public var association: SecurityAssociation
  public var protection: Protection
  /// `nil` for IPComp, which has none.
  public var key: KeyReference?
  /// Stands for the key once it was looked at (``HeldAssociation/keyFingerprint``); `nil` before.
  public var keyFingerprint: String?
  /// Whether it is of a generation that goes: it stays while it is there, and is never put back.
  public var isLeaving = false

  public init(
    _ name: ObjectName, _ direction: SecurityAssociation.Direction,
    _ association: SecurityAssociation, _ protection: Protection, key: KeyReference?
  ) {
    self.name = name
    self.direction = direction
    self.association = association
    self.protection = protection
    self.key = key
  }
}

/// An xfrm interface that is wanted.
public struct InterfaceEntry: Hashable, Sendable {
  public var name: String
  /// What ties SAs and policies to it.
  public var interfaceID: UInt32
  /// In bytes; `nil` for ``usualMTU``.
  public var mtu: UInt32?
  public var addresses: [IPPrefix]

  public init(
    _ name: String, interfaceID: UInt32, mtu: UInt32? = nil, addresses: [IPPrefix] = []
  ) {
    self.name = name
    self.interfaceID = interfaceID
    self.mtu = mtu
    self.addresses = addresses
  }
}

/// A route that is wanted, through an interface.
public struct RouteEntry: Hashable, Sendable {
  public var destination: IPPrefix
  public var interface: String
  /// The address that the host's own packets have; `nil` for the kernel's choice.
  public var source: IPAddress?

  public init(to destination: IPPrefix, through interface: String, source: IPAddress? = nil) {
    self.destination = destination
    self.interface = interface
    self.source = source
  }
}

/// A variable below /proc/sys that is wanted to have a value.
public struct SettingEntry: Hashable, Sendable {
  /// As sysctl spells it: `net.ipv4.ip_forward`
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
