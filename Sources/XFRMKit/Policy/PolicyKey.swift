/// How one policy is asked for: by selector, or by the kernel's number. `struct xfrm_userpolicy_id`
/// and attributes.
public struct PolicyKey: Hashable, Sendable {
  /// All of it counts, host bits included. Looked at only if ``index`` is 0.
  public var selector: Selector
  /// The kernel's number for it, or 0.
  public var index: UInt32
  /// Must equal the policy's.
  public var direction: Policy.Direction
  /// Must equal the policy's.
  public var kind: Policy.Kind
  /// Must equal the policy's, of which the kernel keeps the value masked.
  public var mark: Mark?
  /// Must equal the policy's.
  public var interfaceID: UInt32?
  /// Must equal the policy's, unless ``index`` is given.
  public var securityContext: SecurityContext?

  /// Asks by selector. The mark's value is masked, as the kernel does with those of policies.
  public init(
    _ selector: Selector, direction: Policy.Direction, kind: Policy.Kind = .main,
    mark: Mark? = nil, interfaceID: UInt32? = nil
  ) {
    self.selector = selector
    index = 0
    self.direction = direction
    self.kind = kind
    self.mark = mark.map { Mark($0.value & $0.mask, mask: $0.mask) }
    self.interfaceID = interfaceID
  }

  /// Asks by the kernel's number, which ``Policy/index`` tells.
  public init(
    index: UInt32, direction: Policy.Direction, kind: Policy.Kind = .main, mark: Mark? = nil,
    interfaceID: UInt32? = nil
  ) {
    self.init(
      .any(.ipv4), direction: direction, kind: kind, mark: mark, interfaceID: interfaceID)
    self.index = index
  }
}

extension PolicyKey: CustomStringConvertible {
  /// `policy out 10.1.0.0/16 → 10.2.0.0/16`
  public var description: String {
    "policy \(direction) " + (index == 0 ? "\(selector)" : "index \(index)")
      + (kind == .main ? "" : " \(kind)") + (mark.map { " mark \($0)" } ?? "")
      + (interfaceID.map { " if_id \($0)" } ?? "")
  }
}
