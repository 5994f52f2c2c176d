public import XFRMKit

extension PolicyQuery {
  /// Whether a policy is meant.
  public func matches(_ policy: Policy) -> Bool {
    matches(policy.selector)
      && (direction ?? policy.direction) == policy.direction
      && (index ?? policy.index) == policy.index
      && (kind ?? policy.kind) == policy.kind
      && (action ?? policy.action) == policy.action
      && (priority ?? policy.priority) == policy.priority
      && (flags.isEmpty || !flags.isDisjoint(with: policy.flags))
      && (requestID.map { id in policy.templates.contains { $0.requestID == id } } ?? true)
      && (mark == nil || mark == policy.mark)
      && (interfaceID ?? policy.interfaceID ?? 0) == (policy.interfaceID ?? 0)
      && !(leavesOutSockets && policy.direction.isOfSocket)
  }

  private func matches(_ other: Selector) -> Bool {
    (family == .unspecified || other.family == family)
      && (source?.contains(other.source.address) ?? true)
      && (destination?.contains(other.destination.address) ?? true)
      && (selector.proto == .any || selector.proto == other.proto)
      && matches(selector.sourcePort, other.sourcePort)
      && matches(selector.destinationPort, other.destinationPort)
      && (selector.interfaceIndex == 0 || selector.interfaceIndex == other.interfaceIndex)
      && (selector.user == 0 || selector.user == other.user)
  }

  private func matches(_ wanted: Selector.Port, _ port: Selector.Port) -> Bool {
    (wanted.value ^ port.value) & wanted.mask == 0
  }

  /// Whether `deleteall` is about a policy; those of sockets are nobody else's to delete.
  public func isDeletable(_ policy: Policy) -> Bool {
    !policy.direction.isOfSocket && matches(policy)
  }
}
