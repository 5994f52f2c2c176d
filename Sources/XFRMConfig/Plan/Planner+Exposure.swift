internal import XFRMKit

extension Planner {
  /// Another program's policy that is found before ours takes packets that we answer for.
  mutating func refuseShadows(_ list: [ResolvedPolicy], _ direction: Policy.Direction) {
    let others = (inventory.foreignPolicies + inventory.orphanPolicies).filter {
      $0.direction == direction
    }
    guard !others.isEmpty else { return }
    let index = OverlapIndex(list.map(\.policy) + others)
    for (place, item) in list.enumerated() where item.role != .guard {
      let shadow = index.neighbours[place].lazy.filter { $0 >= list.count }
        .map { others[$0 - list.count] }.first { $0.priority <= item.policy.priority }
      guard let shadow else { continue }
      problems.append(
        PlanProblem(
          .shadowed, item.name,
          "\(shadow), priority \(shadow.priority), is not ours and is found first",
          do: "delete it or give it a higher number"))
    }
  }

  /// Finds out after which changes packets may be seen in clear that were protected or dropped
  /// before, and refuses those that nobody has allowed.
  ///
  /// When in doubt it takes them for exposed: where several policies together take the place of one
  /// it does not see that.
  mutating func refuseCleartext(_ list: [ResolvedPolicy], _ direction: Policy.Direction) {
    let held = inventory.policies.filter { $0.value.direction == direction && !$0.value.isBypass }
      .sorted { $0.key.slot < $1.key.slot }
    guard !held.isEmpty else { return }
    let index = OverlapIndex(list.map(\.policy) + held.map(\.value))

    for (place, item) in list.enumerated() where item.policy.isBypass {
      let stronger = index.neighbours[place].lazy.filter { $0 < place }.map { list[$0].policy }
        .filter { !$0.isBypass }
      let exposed = index.neighbours[place].lazy.filter { $0 >= list.count }
        .map { held[$0 - list.count].value }
        .first { old in
          // It let them pass before, too.
          if let present = item.present, present.isBypass, present.priority < old.priority {
            return false
          }
          return !stronger.contains { $0.encloses(old) || $0.encloses(item.policy) }
        }
      if let exposed { expose(item.name, item.tag, "packets of \(exposed) would pass in clear") }
    }

    guard !blocksTheRest(direction) else { return }
    let wanted = staying.union(list.map(\.tag))
    for (offset, old) in held.enumerated() where !wanted.contains(old.key) {
      let replacement = index.neighbours[list.count + offset].lazy.filter { $0 < list.count }
        .map { list[$0].policy }.first { !$0.isBypass && $0.encloses(old.value) }
      guard replacement == nil, let name = holdings.policies[old.key]?.name else { continue }
      expose(name, old.key, "packets of \(old.value) would pass in clear")
    }
  }

  private mutating func expose(_ name: ObjectName, _ tag: Tag, _ explanation: String) {
    exposing.insert(tag)
    guard !options.allowsCleartext(name.entry) else { return }
    problems.append(.cleartext(name, explanation))
  }

  /// Whether packets that no policy matches are dropped, now and afterwards.
  func blocksTheRest(_ direction: Policy.Direction) -> Bool {
    func action(_ actions: DefaultActions) -> DefaultActions.Action {
      switch direction {
      case .incoming: actions.incoming
      case .forwarded: actions.forwarded
      default: actions.outgoing
      }
    }
    guard let present = snapshot.defaultActions.map(action), present == .block else { return false }
    let wanted = desired.defaultActions.map(action) ?? .unchanged
    return wanted == .unchanged || wanted == .block
  }
}
