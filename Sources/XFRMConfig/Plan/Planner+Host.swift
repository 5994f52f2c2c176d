internal import XFRMKit

extension Planner {
  /// What policies and SAs need around them.
  mutating func prepare() {
    for entry in desired.interfaces { prepare(entry) }
    for entry in desired.settings { prepare(entry) }
    let wanted = Set(desired.interfaces.map(\.name))
    let old = holdings.interfaces.values.filter {
      !wanted.contains($0.name) && !desired.isGuardsOnly
    }
    for entry in old.sorted(by: { $0.name < $1.name }) {
      // Somebody may have deleted it, and given its name to another since.
      let isThere = snapshot.host.map { $0.interfaces[entry.name] == entry.interfaceID } ?? true
      steps.append(
        PlanStep(
          .withdraw, ObjectName(entry.name, "interface"),
          .deleteInterface(entry, isThere: isThere),
          because: isThere ? PlanStep.unwantedReason : PlanStep.goneReason))
    }
  }

  private mutating func prepare(_ entry: InterfaceEntry) {
    let name = ObjectName(entry.name, "interface")
    let held = holdings.interfaces[entry.name]
    if let id = snapshot.host?.interfaces[entry.name] {
      guard held != nil else {
        problems.append(
          PlanProblem(
            .taken, name, "there is an interface of that name that is not ours",
            do: "delete it, or choose another name"))
        return
      }
      guard id == entry.interfaceID else {
        problems.append(
          PlanProblem(
            .unchangeable, name, "its interface ID is \(id) and cannot be changed",
            do: "choose another name for the new one"))
        return
      }
      if held == entry { return }
    } else if snapshot.host == nil, held == entry {
      return
    }
    steps.append(
      PlanStep(
        .prepare, name, .addInterface(entry),
        because: held == nil ? PlanStep.newReason : "not as it is to be"))
  }

  private mutating func prepare(_ entry: SettingEntry) {
    let present = snapshot.host?.settings[entry.name]
    let isThere =
      snapshot.host == nil
      ? holdings.settings[entry.name] != nil
      : present == SystemSetting.normalized(entry.value)
    guard !isThere else { return }
    steps.append(
      PlanStep(
        .prepare, ObjectName(entry.name, "setting"), .change(entry, from: present),
        because: present.map { "\($0) -> \(entry.value)" } ?? "needed by a connection"))
  }

  /// Last among the policies: before, they would lead packets past them.
  ///
  /// A route takes the place of another to the same addresses in one step: between two, packets would
  /// take the next best, which leads past all policies of the interface.
  mutating func planRoutes() {
    let present = snapshot.host?.routes ?? holdings.routes
    let here = Dictionary(grouping: present, by: \.destination)
    let leaving = desired.isGuardsOnly ? [] : holdings.routes.subtracting(desired.routes)
    var replaced: Set<RouteEntry> = []
    for entry in desired.routes {
      let name = ObjectName("\(entry.destination)", "route")
      let others = here[entry.destination, default: []]
      guard others.allSatisfy(isOurs),
        snapshot.host?.otherRoutes.contains(entry.destination) != true
      else {
        if options.isWayBack { continue }
        problems.append(
          PlanProblem(
            .taken, name, "there is a route to the same addresses that is not ours",
            do: "delete it: `ip route`"))
        continue
      }
      guard !others.contains(entry) else { continue }
      let old = others.min { "\($0)" < "\($1)" }
      if let old { replaced.insert(old) }
      steps.append(
        PlanStep(
          .policies, name, .addRoute(entry, replacing: old),
          because: old.map { entry.difference(from: $0) } ?? PlanStep.newReason))
    }
    for entry in leaving.sorted(by: { "\($0)" < "\($1)" }) {
      let isThere = present.contains(entry) && !replaced.contains(entry)
      steps.append(
        PlanStep(
          .retire, ObjectName("\(entry.destination)", "route"),
          .deleteRoute(entry, isThere: isThere),
          because: isThere
            ? PlanStep.unwantedReason
            : replaced.contains(entry) ? "replaced" : PlanStep.goneReason))
    }
  }
}

extension Planner {
  /// Whether a route is one of ours, or what the kernel has left of it: with an address that goes the
  /// routes that have it as their source lose that.
  private func isOurs(_ route: RouteEntry) -> Bool {
    holdings.routes.contains(route)
      || route.source == nil
        && holdings.routes.contains {
          $0.destination == route.destination && $0.interface == route.interface
        }
  }
}

extension RouteEntry {
  /// What of another route to the same addresses becomes what.
  fileprivate func difference(from old: RouteEntry) -> String {
    func word(_ source: IPAddress?) -> String { source.map { "\($0)" } ?? "any" }
    return [
      interface == old.interface ? nil : "\(old.interface) -> \(interface)",
      source == old.source ? nil : "source \(word(old.source)) -> \(word(source))",
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
