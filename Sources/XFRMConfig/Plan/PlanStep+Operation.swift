public import XFRMKit

extension PlanStep.Action {
  /// What the kernel's databases are asked; `nil` for what is no matter of theirs.
  ///
  /// - Parameter key: Fetches the key of an SA that is added.
  public func operation<Problem: Error>(
    _ key: (AssociationEntry) throws(Problem) -> SecurityAssociation
  ) throws(Problem) -> Operation? {
    switch self {
    case .addAssociation(let entry, let tag):
      var association = try key(entry)
      association.sequence = tag.sequence
      return .addAssociation(association)
    case .updateAssociation(let entry, let tag):
      var association = entry.association
      association.sequence = tag.sequence
      return .updateAssociation(association)
    case .deleteAssociation(let held, _): return .deleteAssociation(held.id)
    case .addPolicy(let policy, _, _): return .addPolicy(policy)
    case .replacePolicy(let policy, _, _): return .updatePolicy(policy)
    case .deletePolicy(let held, _): return .deletePolicy(held.key)
    case .setDefaultActions(let actions, _): return .setDefaultActions(actions)
    case .addInterface, .changeInterface, .deleteInterface, .deleteAddress, .addRoute,
      .deleteRoute, .addRouteGuard, .deleteRouteGuard, .change, .verify, .wait:
      return nil
    }
  }
}

extension Holdings {
  /// Takes note of a step that was carried out.
  public mutating func note(_ step: PlanStep) {
    switch step.action {
    case .addAssociation(let entry, let tag), .updateAssociation(let entry, let tag):
      associations[tag] = HeldAssociation(
        entry.name, entry.direction, entry.association.id,
        keyFingerprint: entry.keyFingerprint ?? "")
    case .deleteAssociation(_, let tag): associations[tag] = nil
    case .addPolicy(let policy, let role, let tag), .replacePolicy(let policy, let role, let tag):
      policies[tag] = HeldPolicy(step.object, role, policy.key)
    case .deletePolicy(_, let tag): policies[tag] = nil
    case .addInterface(let entry), .changeInterface(let entry):
      interfaces[entry.name] = entry.joined(with: interfaces[entry.name])
    case .deleteInterface(let entry, _): interfaces[entry.name] = nil
    case .deleteAddress(let address, let entry, _, _):
      interfaces[entry.name]?.addresses.removeAll { $0 == address }
    case .addRoute(let entry, _): routes.insert(entry)
    case .deleteRoute(let entry, _): routes.remove(entry)
    case .addRouteGuard(let entry): routeGuards[entry.destination] = entry.name
    case .deleteRouteGuard(let entry, _): routeGuards[entry.destination] = nil
    case .change(let entry, let old): settings[entry.name] = old ?? ""
    case .setDefaultActions, .verify, .wait: break
    }
  }
}
