internal import XFRMKit

extension Planner {
  /// What policies and SAs need around them.
  mutating func prepare() {
    for entry in desired.interfaces { prepare(entry) }
    for entry in desired.settings { prepare(entry) }
    withdrawInterfaces()
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
    let wanted = Set(desired.routes)
    let leaving = desired.isGuardsOnly ? [] : holdings.routes.subtracting(wanted)
    var replaced: Set<RouteEntry> = []
    for entry in desired.routes {
      let name = ObjectName("\(entry.destination)", "route")
      let others = here[entry.destination, default: []]
      let theirs = others.filter { !isOurs($0) }
      if let deletion = snapshot.host?.deletion(of: theirs, to: entry.destination) {
        let problem = PlanProblem(
          .taken, name, "there is a route to the same addresses that is not ours",
          do: "delete it: \(deletion)")
        if options.isWayBack { obstructions.append(problem) } else { problems.append(problem) }
        continue
      }
      // What is as it is to be may be what is left of another.
      guard !(others.contains(entry) && holdings.routes.contains(entry)) else { continue }
      let old = others.min { "\($0)" < "\($1)" }
      if let old { replaced.insert(old) }
      steps.append(
        PlanStep(
          .policies, name, .addRoute(entry, replacing: old),
          because: old.map { entry.difference(from: $0) } ?? PlanStep.newReason))
    }
    for entry in leaving.sorted(by: { "\($0)" < "\($1)" }) {
      let left = [entry, entry.remnant].compactMap { $0 }
        .first { present.contains($0) && !wanted.contains($0) }
      let isReplaced = left.map(replaced.contains) ?? false
      let isThere = left != nil && !isReplaced
      let name = ObjectName("\(entry.destination)", "route")
      let isSeen = isThere && exposes(entry, name)
      steps.append(
        PlanStep(
          .retire, name, .deleteRoute(entry, isThere: isThere),
          because: isThere
            ? PlanStep.unwantedReason
            : isReplaced ? "replaced" : PlanStep.goneReason,
          effect: isSeen ? .cleartext : .none))
    }
  }
}

extension Planner {
  /// Whether a route is one of ours, or what the kernel has left of it.
  func isOurs(_ route: RouteEntry) -> Bool {
    holdings.routes.contains(route) || holdings.routes.contains { $0.remnant == route }
  }
}

extension RouteEntry {
  /// What the kernel leaves of it when its source goes with an address of the host; `nil` where that
  /// is nothing: of IPv4 the whole route goes.
  var remnant: RouteEntry? {
    guard source != nil, destination.family == .ipv6 else { return nil }
    return RouteEntry(to: destination, through: interface)
  }

  /// What of another route to the same addresses becomes what.
  fileprivate func difference(from old: RouteEntry) -> String {
    func word(_ source: IPAddress?) -> String { source.map { "\($0)" } ?? "any" }
    if self == old { return "its source is gone" }
    return [
      interface == old.interface ? nil : "\(old.interface) -> \(interface)",
      source == old.source ? nil : "source \(word(old.source)) -> \(word(source))",
    ].compactMap { $0 }.joined(separator: ", ")
  }
}
