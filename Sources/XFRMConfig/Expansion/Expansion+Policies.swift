internal import XFRMKit

extension Expansion {
  /// Makes the kernel's policies of entries.
  mutating func makePolicies() {
    let count = policies.reduce(0) { $0 + $1.selector.selectorCount }
    let room = Int(Ranges.entryPriorities.upperBound - Ranges.entryPriorities.lowerBound)
    guard count <= room else {
      diagnostics.error(
        policies[0].span, "the entries take \(count) policies in each direction",
        help: "at most \(room): fewer subnets, or fewer ranges of ports")
      return
    }
    // With room between, an entry more changes the numbers of few others.
    let gap = [100, 10, 1].first { count * $0 <= room } ?? 1
    var rank = 0
    for entry in policies {
      let selectors = entry.selector.selectors(isOutgoing: entry.direction == .outbound)
      for (index, selector) in selectors.enumerated() {
        let number = (entry.ordinal - 1) * selectors.count + index + 1
        for direction in entry.directions {
          let policy = entry.policy(selector, direction)
          add(entry, policy, number, rank: UInt32(rank), gap: UInt32(gap))
        }
        rank += 1
      }
    }
    // Guards last: they are weaker than all entries.
    state.policies.sort { ($0.policy.priority, $0.name) < ($1.policy.priority, $1.name) }
  }

  private mutating func add(
    _ entry: SPDEntry, _ policy: Policy, _ number: Int, rank: UInt32, gap: UInt32
  ) {
    var policy = policy
    policy.priority = Ranges.entryPriorities.lowerBound + rank * gap
    let part = entry.purpose.isEmpty ? "" : entry.purpose + "-"
    let suffix = "\(policy.direction)" + (number > 1 ? ".\(number)" : "")
    state.policies.append(
      PolicyEntry(
        ObjectName(entry.name, part + suffix), entry.action.role, policy,
        pinnedTo: entry.pinnedTo?.name))
    guard entry.isGuarded, entry.action == .protect else { return }
    policy.action = .block
    policy.templates = []
    policy.priority = Ranges.guardPriorities.lowerBound + rank
    policy.selector.user = Ranges.guardUser
    state.policies.append(PolicyEntry(ObjectName(entry.name, "guard-" + suffix), .guard, policy))
  }
}

extension SPDEntry {
  /// Where the kernel looks for it.
  fileprivate var directions: [Policy.Direction] {
    direction == .outbound ? [.outgoing] : forwards ? [.incoming, .forwarded] : [.incoming]
  }

  /// The policy of one of its selectors, without priority.
  fileprivate func policy(_ selector: Selector, _ direction: Policy.Direction) -> Policy {
    var policy = Policy(
      selector, direction: direction, action: action == .discard ? .block : .allow)
    policy.mark = mark
    policy.interfaceID = interfaceID
    guard action == .protect else { return policy }
    policy.templates = protections.map { template($0, selector) }
    if let pinnedTo, let last = policy.templates.indices.last {
      policy.templates[last].spi = pinnedTo.spi
    }
    return policy
  }

  private func template(_ protection: Protection, _ selector: Selector) -> Template {
    let isOutbound = direction == .outbound
    let unspecified = IPAddress.unspecified(selector.family)
    let local = protection.ends?.local ?? unspecified
    let remote = protection.ends?.remote ?? unspecified
    var template = Template(
      from: isOutbound ? local : remote, to: isOutbound ? remote : local, proto: protection.proto,
      mode: protection.mode, requestID: requestID)
    template.isOptional = protection.isOptional
    return template
  }
}

extension SPDEntry.Action {
  fileprivate var role: PolicyEntry.Role {
    switch self {
    case .protect: .protect
    case .bypass: .bypass
    case .discard: .discard
    }
  }
}
