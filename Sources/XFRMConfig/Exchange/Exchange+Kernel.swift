internal import XFRMKit

extension Exchange {
  /// Which of the kernel's objects are meant.
  public enum Scope: Hashable, Sendable {
    case all
    /// What the journal says that this manager put there.
    case ours
    /// All else.
    case foreign
  }

  /// What a kernel has, in the words of a configuration.
  ///
  /// - Parameters:
  ///   - snapshot: Its policies in the order in which packets are held against them, as far as
  ///     their priorities leave that open.
  ///   - holdings: What of it is this manager's.
  ///   - scope: Which of it is meant.
  ///   - keyFolder: Where references say that keys are.
  init(
    _ snapshot: KernelSnapshot, holding holdings: Holdings = Holdings(), scope: Scope = .all,
    keyFolder: String = Self.usualKeyFolder
  ) {
    self.init(keyFolder: keyFolder)
    if scope == .all { defaultActions = snapshot.defaultActions }
    let policies = snapshot.policies.enumerated().sorted {
      ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset)
    }.map(\.element)
    addPolicies(policies.filter { scope.contains(holdings.name(of: $0) != nil) }, holdings)
    addAssociations(
      snapshot.associations.filter { scope.contains(holdings.name(of: $0) != nil) },
      beside: policies, holdings)
    loseDefaultActions()
    settle()
  }

  /// A configuration says one thing for all directions.
  private mutating func loseDefaultActions() {
    guard let actions = defaultActions else { return }
    let all = Set([actions.incoming, actions.forwarded, actions.outgoing])
    guard all.count != 1 || !all.isSubset(of: [.accept, .block]) else { return }
    lose(
      "default-action",
      "in \(actions.incoming), fwd \(actions.forwarded), out \(actions.outgoing): a configuration has "
        + "one for all directions", isWhole: true)
    defaultActions = nil
  }
}

extension Exchange.Scope {
  fileprivate func contains(_ isOurs: Bool) -> Bool { self == .all || (self == .ours) == isOurs }
}

extension Holdings {
  /// What a policy is called here; `nil` if it is not ours.
  func name(of policy: Policy) -> ObjectName? {
    guard let held = Tag(policy).flatMap({ policies[$0] }), held.key == policy.key else {
      return nil
    }
    return held.name
  }

  /// What an SA is called here; `nil` if it is not ours.
  func name(of association: SecurityAssociation) -> ObjectName? {
    guard let held = Tag(association).flatMap({ associations[$0] }),
      held.id.isSame(as: association.id)
    else { return nil }
    return held.name
  }
}
