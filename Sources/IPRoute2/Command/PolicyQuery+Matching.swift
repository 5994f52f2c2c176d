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
      && (flags.map { !$0.isDisjoint(with: policy.flags) } ?? true)
      && (requestID.map { id in policy.templates.contains { $0.requestID == id } } ?? true)
      && (mark == nil || mark == policy.mark)
      && (interfaceID ?? policy.interfaceID ?? 0) == (policy.interfaceID ?? 0)
      && !(leavesOutSockets && policy.direction.isOfSocket)
  }

  private func matches(_ other: Selector) -> Bool {
    (family == .unspecified || other.family == family)
      && (source.map { isWithin($0, other.source) } ?? true)
      && (destination.map { isWithin($0, other.destination) } ?? true)
      && (proto ?? other.proto) == other.proto
      && (sourcePort.map { $0.agrees(with: other.sourcePort) } ?? true)
      && (destinationPort.map { $0.agrees(with: other.destinationPort) } ?? true)
      && (interfaceIndex ?? other.interfaceIndex) == other.interfaceIndex
      && (user ?? other.user) == other.user
  }

  private func isWithin(_ outer: IPPrefix, _ inner: IPPrefix) -> Bool {
    outer.contains(inner.address) && (!comparesLengths || outer.length <= inner.length)
  }

  /// Whether `deleteall` is about a policy; those of sockets are nobody else's to delete.
  public func isDeletable(_ policy: Policy) -> Bool {
    !policy.direction.isOfSocket && matches(policy)
  }
}

extension Selector.Port {
  /// Whether the bits that count here are the other's, too.
  fileprivate func agrees(with other: Selector.Port) -> Bool {
    (value ^ other.value) & mask == 0
  }
}
