extension SPDInfo {
  /// Policies in the order in which a kernel before Linux 6.12 prefers them.
  ///
  /// It numbers those of a direction that it does not find by hash, from 0, and all others are 0; of
  /// equal priorities it takes one found by hash unless another one's number is not higher.
  ///
  /// - Parameter policies: By priority, and of equals the oldest first.
  func ordered(_ policies: [Policy]) -> [Policy] {
    var numbered = Set<UInt8>()
    let ranked = policies.map { policy in
      let isFirst = !isHashed(policy) && numbered.insert(policy.direction.rawValue).inserted
      return (policy: policy, rank: isFirst ? 0 : isHashed(policy) ? 1 : 2)
    }
    return ranked.sorted { ($0.policy.priority, $0.rank) < ($1.policy.priority, $1.rank) }
      .map(\.policy)
  }

  /// Whether both prefixes are long enough.
  private func isHashed(_ policy: Policy) -> Bool {
    let isV6 = policy.selector.family == .ipv6
    let usual: UInt8 = isV6 ? 128 : 32
    let threshold =
      (isV6 ? thresholdIPv6 : thresholdIPv4) ?? HashThreshold(local: usual, remote: usual)
    let (source, destination) = (policy.selector.source.length, policy.selector.destination.length)
    return policy.direction == .outgoing
      ? source >= threshold.localBits && destination >= threshold.remoteBits
      : destination >= threshold.localBits && source >= threshold.remoteBits
  }
}
