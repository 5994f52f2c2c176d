public import XFRMKit

/// The SAD and the SPD of a network namespace: the kernel's, or a model of them.
public protocol Databases: ~Copyable {
  /// Carries out one change.
  mutating func perform(_ operation: Operation) throws(XFRMError)
  /// Carries out changes in order, up to the first that is refused.
  mutating func performUntilRefusal(_ operations: [Operation]) -> BatchResult

  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  mutating func association(_ id: SecurityAssociationID) throws(XFRMError) -> SecurityAssociation
  /// - Throws: ``RefusalCause/missing`` as the cause if there is none.
  mutating func policy(_ key: PolicyKey) throws(XFRMError) -> Policy

  mutating func snapshot() throws(XFRMError) -> KernelSnapshot
}

/// Both databases at one moment.
public struct KernelSnapshot: Equatable, Sendable {
  /// The newest first, as the kernel lists them.
  public var associations: [SecurityAssociation]
  /// Likewise, without those of sockets.
  public var policies: [Policy]
  /// `nil` if the kernel is older than 5.15 and has none.
  public var defaultActions: DefaultActions?
  /// What is there besides; `nil` if nobody looked, so that the journal has to be believed.
  public var host: HostState?
  /// When it was, in seconds since 1970; `nil` if nobody looked at a clock.
  public var time: UInt64?

  public init(
    associations: [SecurityAssociation] = [], policies: [Policy] = [],
    defaultActions: DefaultActions? = nil
  ) {
    self.associations = associations
    self.policies = policies
    self.defaultActions = defaultActions
  }
}
