public import XFRMKit

/// What of the kernel's databases is this manager's, as its journal has it.
public struct Holdings: Equatable, Sendable {
  public var policies: [ObjectName: HeldPolicy] = [:]
  public var associations: [ObjectName: HeldAssociation] = [:]
  public var interfaces: [String: UInt32] = [:]
  /// Settings that it changed, with the values that they had before.
  public var settings: [String: String] = [:]

  public init() {}
}

/// A policy that this manager put there.
public struct HeldPolicy: Hashable, Sendable {
  public var key: PolicyKey
  public var tag: Tag

  public init(_ key: PolicyKey, _ tag: Tag) {
    self.key = key
    self.tag = tag
  }
}

/// An SA that this manager put there.
public struct HeldAssociation: Hashable, Sendable {
  public var id: SecurityAssociationID
  public var tag: Tag
  /// Stands for its key, which is not kept: a keyed hash in hexadecimal digits; empty for none.
  public var keyFingerprint: String

  public init(_ id: SecurityAssociationID, _ tag: Tag, keyFingerprint: String) {
    self.id = id
    self.tag = tag
    self.keyFingerprint = keyFingerprint
  }
}
