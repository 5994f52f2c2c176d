internal import XFRMKit

extension Planner {
  /// What policies and SAs need around them.
  mutating func prepare() {
    for entry in desired.interfaces { prepare(entry) }
    for entry in desired.settings { prepare(entry) }
    let wanted = Set(desired.interfaces.map(\.name))
    for name in holdings.interfaces.keys.sorted() where !wanted.contains(name) {
      steps.append(
        PlanStep(
          .withdraw, ObjectName(name, "interface"), .deleteInterface(name),
          because: "not wanted any more"))
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
  mutating func planRoutes() {
    for entry in desired.routes {
      let name = ObjectName("\(entry.destination)", "route")
      let isHeld = holdings.routes.contains(entry)
      let isThere = snapshot.host.map { $0.routes.contains(entry) } ?? isHeld
      if isThere, !isHeld {
        problems.append(
          PlanProblem(
            .taken, name, "there is such a route that is not ours", do: "delete it: `ip route`"))
      }
      guard !isThere else { continue }
      steps.append(PlanStep(.policies, name, .addRoute(entry), because: PlanStep.newReason))
    }
    for entry in holdings.routes.sorted(by: { "\($0)" < "\($1)" })
    where !desired.routes.contains(entry) {
      steps.append(
        PlanStep(
          .retire, ObjectName("\(entry.destination)", "route"), .deleteRoute(entry),
          because: "not wanted any more"))
    }
  }
}
