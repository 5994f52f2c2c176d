internal import XFRMKit

extension Executor where Kernel: ~Copyable, Journal: ~Copyable, Keys: ~Copyable {
  /// Reads everything back that a plan put there.
  ///
  /// Keys count, but a kernel that is locked down for confidentiality shows zeros for them.
  mutating func verify(_ steps: [PlanStep]) throws(ApplyFailure) {
    let snapshot: KernelSnapshot
    do throws(XFRMError) { snapshot = try kernel.snapshot() } catch { throw .unreachable(error) }
    // Where each is: there may be many thousands, and they are not small.
    let policies = Dictionary(
      zip(snapshot.policies.lazy.map(\.key), snapshot.policies.indices),
      uniquingKeysWith: { first, _ in first })
    let associations = Dictionary(
      zip(snapshot.associations.lazy.map { AssociationKey($0.id) }, snapshot.associations.indices),
      uniquingKeysWith: { first, _ in first })

    var routes: [(object: ObjectName, entry: RouteEntry)] = []
    var guards: [(object: ObjectName, entry: RouteGuard)] = []
    var differences: [ApplyFailure.Difference] = []
    func compare(_ object: ObjectName, _ untaken: [Untaken]?) {
      if untaken?.isEmpty != true {
        differences.append(ApplyFailure.Difference(object: object, untaken: untaken ?? []))
      }
    }
    for step in steps where step.phase <= .policies {
      switch step.action {
      case .addPolicy(let policy, _, _), .replacePolicy(let policy, _, _):
        compare(step.object, policies[policy.key].map { policy.untaken(by: snapshot.policies[$0]) })
      case .addAssociation(let entry, let tag), .updateAssociation(let entry, let tag):
        var asked = entry.association
        asked.sequence = tag.sequence
        compare(
          step.object,
          associations[AssociationKey(asked.id)].map {
            asked.untaken(by: snapshot.associations[$0])
          })
      case .addRoute(let entry, _): routes.append((step.object, entry))
      case .addRouteGuard(let entry): guards.append((step.object, entry))
      default: break
      }
    }
    do throws(HostProblem) {
      if !routes.isEmpty {
        let ineffective = Set(try host.ineffective(routes.map(\.entry)))
        for route in routes where ineffective.contains(route.entry) { compare(route.object, nil) }
      }
      if !guards.isEmpty {
        let lacking = Set(try host.lacking(guards.map(\.entry)))
        for item in guards where lacking.contains(item.entry) { compare(item.object, nil) }
      }
    } catch {
      throw .host(.host, error)
    }
    if !differences.isEmpty { throw .different(differences) }
  }
}
