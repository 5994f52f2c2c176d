internal import XFRMKit

/// What becomes of packets that are not led into an interface any more.
extension Planner {
  /// Routes that drop what those into interfaces lead no longer: before these, and after them.
  mutating func planRouteGuards() {
    let present = snapshot.host?.routeGuards ?? Set(holdings.routeGuards.keys)
    for entry in desired.routeGuards {
      let destination = entry.destination
      warnOfOthers(entry)
      guard !(present.contains(destination) && holdings.routeGuards[destination] != nil) else {
        continue
      }
      if let other = snapshot.host?.routeGuardPlaces[destination], !present.contains(destination) {
        hinder(
          entry, "there is a route to the same addresses in its place that is not ours", other)
        continue
      }
      steps.append(
        PlanStep(.guards, entry.name, .addRouteGuard(entry), because: PlanStep.newReason))
    }
    guard !desired.isGuardsOnly else { return }
    let wanted = Set(desired.routeGuards.map(\.destination))
    let leaving = holdings.routeGuards.filter { !wanted.contains($0.key) }
      .map { RouteGuard($0.value, to: $0.key) }
    for entry in leaving.sorted(by: { "\($0)" < "\($1)" }) {
      let isThere = present.contains(entry.destination)
      let isSeen = isThere && !isCaught(entry.destination)
      if isSeen { refuseCleartext([entry.name.entry], entry.name, "to \(entry.destination)") }
      steps.append(
        PlanStep(
          .withdraw, entry.name, .deleteRouteGuard(entry, isThere: isThere),
          because: isThere ? PlanStep.unwantedReason : PlanStep.goneReason,
          effect: isSeen ? .cleartext : .none))
    }
  }

  /// Where guards are all that there is to be, others' routes that come before them are no reason
  /// to have none at all. For the whole they are one (``planRoutes()``).
  private mutating func warnOfOthers(_ entry: RouteGuard) {
    guard desired.isGuardsOnly, let host = snapshot.host,
      let other = host.otherRoutes[entry.destination]
    else { return }
    hinder(
      entry, "there is a route to \(entry.destination) that is not ours and comes first", other)
  }

  private mutating func hinder(_ entry: RouteGuard, _ explanation: String, _ other: String) {
    let deletion = snapshot.host?.deletion(other) ?? other
    let problem = PlanProblem(.taken, entry.name, explanation, do: "delete it: \(deletion)")
    if options.isWayBack || desired.isGuardsOnly {
      obstructions.append(problem)
    } else {
      problems.append(problem)
    }
  }

  /// Whether packets to some addresses go into an interface afterwards, or nowhere.
  private func isCaught(_ destination: IPPrefix) -> Bool {
    desired.routes.contains { $0.destination.covers(destination) }
      || desired.routeGuards.contains { $0.destination.covers(destination) }
      || blocksTheRest(.outgoing)
  }

  // MARK: Cleartext

  /// Whether packets that one of our routes led into an interface may be seen in clear without it;
  /// refused if nobody has allowed that.
  mutating func exposes(_ route: RouteEntry, _ name: ObjectName) -> Bool {
    // What takes the place of a guard is told of where that goes.
    guard snapshot.host?.routeGuards.contains(route.destination) != true,
      !isCaught(route.destination)
    else { return false }
    let owners = owners(of: route.interface) { $0.overlaps(route.destination) }
    refuseCleartext(owners, name, "to \(route.destination)")
    return true
  }

  /// Whether others' routes go with an interface.
  mutating func exposes(_ interface: InterfaceEntry, _ name: ObjectName) -> Bool {
    let routes = snapshot.host?.routes.filter { $0.interface == interface.name && !isOurs($0) }
    let exposed = (routes ?? []).map(\.destination).filter { destination in
      snapshot.host?.routeGuards.contains(destination) != true && !isCaught(destination)
    }
    let owners = owners(of: interface.name) { prefix in exposed.contains { $0.overlaps(prefix) } }
    // Others lead where nothing of ours is protected, as do those that come with an address.
    guard !owners.isEmpty else { return false }
    refuseCleartext(owners, name, "that others' routes lead into \(interface.name)")
    return true
  }

  /// The entries whose packets go through an interface, as far as there are policies.
  private func owners(of interface: String, _ isConcerned: (IPPrefix) -> Bool) -> [String] {
    guard let id = holdings.interfaces[interface]?.interfaceID else { return [] }
    let names = inventory.policies.compactMap { tag, policy in
      policy.direction == .outgoing && policy.interfaceID == id
        && isConcerned(policy.selector.destination)
        ? holdings.policies[tag]?.name.entry : nil
    }
    return Set(names).sorted()
  }

  /// - Parameters:
  ///   - entries: Those that have to allow it.
  ///   - name: What it is allowed for where there are none.
  ///   - packets: Whose: `to 10.2.0.0/16`
  private mutating func refuseCleartext(
    _ entries: [String], _ name: ObjectName, _ packets: String
  ) {
    for entry in (entries.isEmpty ? [name.entry] : entries) where !options.allowsCleartext(entry) {
      problems.append(
        .cleartext(
          ObjectName(entry, name.part), "packets \(packets) would pass in clear"))
    }
  }
}
