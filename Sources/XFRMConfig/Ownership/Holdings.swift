public import XFRMKit

/// What of the kernel's databases is this manager's, as its journal has it.
public struct Holdings: Equatable, Sendable {
  public var policies: [Tag: HeldPolicy] = [:]
  public var associations: [Tag: HeldAssociation] = [:]
  /// The xfrm interfaces that it made, by name.
  public var interfaces: [String: InterfaceEntry] = [:]
  public var routes: Set<RouteEntry> = []
  /// The routes that stand behind those, by where they lead.
  public var routeGuards: [IPPrefix: ObjectName] = [:]
  /// Settings that it changed, with the values that they had before.
  public var settings: [String: String] = [:]

  public init() {}

  /// The generations of a connection's keys that there are SAs of, or were until the kernel lost them.
  func generations(of connection: String) -> Set<UInt32> {
    Set(
      associations.values.filter { $0.name.entry == connection }.compactMap(\.name.generation))
  }
}

/// A policy that this manager put there.
public struct HeldPolicy: Hashable, Sendable {
  public var name: ObjectName
  public var role: PolicyEntry.Role
  /// What the kernel finds it by.
  public var key: PolicyKey

  public init(_ name: ObjectName, _ role: PolicyEntry.Role, _ key: PolicyKey) {
    self.name = name
    self.role = role
    self.key = key
  }
}

/// An SA that this manager put there.
public struct HeldAssociation: Hashable, Sendable {
  public var name: ObjectName
  public var direction: SecurityAssociation.Direction
  /// What the kernel finds it by.
  public var id: SecurityAssociationID
  /// Stands for its key, which is not kept: a keyed hash in hexadecimal digits; empty for none.
  public var keyFingerprint: String

  public init(
    _ name: ObjectName, _ direction: SecurityAssociation.Direction, _ id: SecurityAssociationID,
    keyFingerprint: String
  ) {
    self.name = name
    self.direction = direction
    self.id = id
    self.keyFingerprint = keyFingerprint
  }
}
