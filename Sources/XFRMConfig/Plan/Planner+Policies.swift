internal import XFRMKit

/// A policy that is wanted, as it is to be in the kernel.
struct ResolvedPolicy {
  var name: ObjectName
  var role: PolicyEntry.Role
  var policy: Policy
  /// What the kernel has for its key, if that is ours.
  var present: Policy?
  var tag: Tag
}

extension Planner {
  /// The way round: packets are taken in before any is sent.
  private static let directions = [Policy.Direction.incoming, .forwarded, .outgoing]

  mutating func planPolicies() {
    let resolved = resolve()
    guard problems.isEmpty else { return }
    for direction in Self.directions {
      let list = resolved.filter { $0.policy.direction == direction }
      refuseShadows(list, direction)
      refuseCleartext(list, direction)
    }
    // Guards that move past each other all drop.
    let moved = resolved.filter { item in
      item.role != .guard && item.present.map { $0.priority != item.policy.priority } ?? false
    }
    let unbarring = bar(moved)
    put(resolved)
    withdraw(resolved)
    steps += unbarring
  }

  // MARK: What is wanted, in full

  private mutating func resolve() -> [ResolvedPolicy] {
    let taken = Set((inventory.foreignPolicies + inventory.orphanPolicies).map(\.key))
    let newest = newestAssociations

    var resolved: [ResolvedPolicy] = []
    for entry in desired.policies {
      let present = inventory.policy(entry.policy.key)
      if present == nil, taken.contains(entry.policy.key) {
        problems.append(
          PlanProblem(
            .taken, entry.name, "there is a policy for the same packets that is not ours",
            do: "find out whose it is: `xfrmctl policy list`"))
      }
      guard let tag = present?.tag ?? tags.take(for: entry.name) else {
        problems.append(.noTag(entry.name))
        continue
      }
      var policy = entry.policy
      if desired.isGuardsOnly, let present = present?.policy, !present.templates.isEmpty {
        (policy.action, policy.templates) = (present.action, present.templates)
      }
      policy.index = tag.index(policy.direction)
      pin(&policy, to: entry.pinnedTo, newest)
      resolved.append(
        ResolvedPolicy(
          name: entry.name, role: entry.role, policy: policy, present: present?.policy, tag: tag))
    }
    prioritise(&resolved)
    return resolved
  }

  /// The newest generation of each SA, by its name without one.
  private var newestAssociations: [ObjectName: AssociationEntry] {
    Dictionary(desired.associations.map { ($0.name.withoutGeneration, $0) }) {
      ($0.name.generation ?? 0) < ($1.name.generation ?? 0) ? $1 : $0
    }
  }

  /// So that adding the SA switches nothing yet.
  private func pin(
    _ policy: inout Policy, to name: ObjectName?, _ newest: [ObjectName: AssociationEntry]
  ) {
    guard let name, let association = newest[ObjectName(name.entry, name.part)]?.association
    else { return }
    for index in policy.templates.indices
    where policy.templates[index].proto == association.proto
      && policy.templates[index].requestID == association.requestID
    {
      policy.templates[index].spi = association.spi
    }
  }

  private mutating func prioritise(_ resolved: inout [ResolvedPolicy]) {
    for direction in Self.directions {
      for isGuard in [false, true] {
        let places = resolved.indices.filter {
          resolved[$0].policy.direction == direction && (resolved[$0].role == .guard) == isGuard
        }
        let policies = places.map { resolved[$0].policy }
        let range = isGuard ? Ranges.guardPriorities : Ranges.entryPriorities
        let priorities = Priorities(
          policies, present: places.map { resolved[$0].present?.priority },
          index: OverlapIndex(policies), in: range)
        guard let priorities else {
          problems.append(
            PlanProblem(
              .noRoom, resolved[places[0]].name, "there are not enough priorities",
              do: "let fewer entries overlap"))
          continue
        }
        for (place, value) in zip(places, priorities.values) {
          resolved[place].policy.priority = value
        }
      }
    }
  }

  /// Policies that stay though nobody wants them: where there are to be guards, what protects is more.
  var staying: Set<Tag> {
    guard desired.isGuardsOnly else { return [] }
    return Set(inventory.policies.filter { !$0.value.templates.isEmpty }.keys)
  }

  // MARK: Steps

  /// Drops the packets of policies that move past others, while they do.
  /// - Returns: The steps after which they are let through again: the last of all.
  private mutating func bar(_ moved: [ResolvedPolicy]) -> [PlanStep] {
    moved.compactMap { item in
      let name = ObjectName(item.name.entry, "\(item.name.part)-move")
      var policy = Policy(
        item.policy.selector, direction: item.policy.direction, action: .block)
      policy.mark = item.policy.mark
      policy.interfaceID = item.policy.interfaceID
      policy.priority = Ranges.barPriority
      policy.selector.user = Ranges.barUser
      // One may be left of a plan that was cut short.
      let left = inventory.policy(policy.key)?.tag
      guard let tag = left ?? tags.take(for: name) else {
        problems.append(.noTag(name))
        return nil
      }
      policy.index = tag.index(policy.direction)
      barring.insert(tag)
      steps.append(
        PlanStep(
          .guards, name,
          left == nil ? .addPolicy(policy, .guard, tag) : .replacePolicy(policy, .guard, tag),
          because: "\(item.name) moves past others", effect: .interrupts))
      return PlanStep(
        .withdraw, name, .deletePolicy(HeldPolicy(name, .guard, policy.key), tag),
        because: "\(item.name) is in its place")
    }
  }

  private mutating func put(_ resolved: [ResolvedPolicy]) {
    for direction in Self.directions {
      let list = resolved.filter { $0.policy.direction == direction }
      // What drops packets may come before what lets them through.
      for item in list where item.present == nil {
        steps.append(
          PlanStep(
            item.role == .guard ? .guards : .policies, item.name,
            .addPolicy(item.policy, item.role, item.tag), because: PlanStep.newReason,
            effect: effect(of: item)))
      }
      for item in list {
        guard let present = item.present, let change = item.policy.difference(from: present)
        else { continue }
        steps.append(
          PlanStep(
            .policies, item.name, .replacePolicy(item.policy, item.role, item.tag),
            because: change,
            effect: effect(of: item)))
      }
    }
  }

  private func effect(of item: ResolvedPolicy) -> PlanStep.Effect {
    if exposing.contains(item.tag) { return .cleartext }
    let isSwitch =
      item.role == .protect && item.policy.direction == .outgoing
      && item.policy.templates != item.present?.templates
    return isSwitch ? .switch : .none
  }

  private mutating func withdraw(_ resolved: [ResolvedPolicy]) {
    let wanted = barring.union(resolved.map(\.tag)).union(staying)
    let old = inventory.policies.filter { !wanted.contains($0.key) }
    let ordered = old.sorted { left, right in
      let (first, second) = (left.value, right.value)
      // What goes out is told no more before nobody takes it in.
      if first.direction != second.direction { return first.direction == .outgoing }
      // Among equals the oldest is the strongest, which nothing tells: any order will do for those
      // that do not overlap, and of those that do no two of ours are equal.
      return (first.priority, first.index) > (second.priority, second.index)
    }
    for (tag, _) in ordered {
      guard let held = holdings.policies[tag] else { continue }
      steps.append(
        PlanStep(
          .withdraw, held.name, .deletePolicy(held, tag), because: PlanStep.unwantedReason,
          effect: exposing.contains(tag) ? .cleartext : .none))
    }
  }
}

extension Policy {
  /// What is not as it is in the kernel; `nil` if all is.
  fileprivate func difference(from present: Policy) -> String? {
    var changes: [String] = []
    if action != present.action { changes.append("action") }
    if templates != present.templates {
      let spis = zip(templates, present.templates).filter { $0.spi != $1.spi }
      let isOnlySPI =
        spis.count == 1 && templates.count == present.templates.count
        && zip(templates, present.templates).allSatisfy { $0.isSameButSPI(as: $1) }
      changes.append(isOnlySPI ? "SPI \(spis[0].1.spi) -> \(spis[0].0.spi)" : "templates")
    }
    if priority != present.priority {
      changes.append("priority \(present.priority) -> \(priority)")
    }
    if lifetime != present.lifetime { changes.append("lifetime") }
    if flags != present.flags { changes.append("flags") }
    return changes.isEmpty ? nil : changes.joined(separator: ", ")
  }
}

extension Template {
  fileprivate func isSameButSPI(as other: Template) -> Bool {
    var copy = self
    copy.spi = other.spi
    return copy == other
  }
}
