internal import XFRMKit

extension Planner {
  mutating func prepare(_ entry: InterfaceEntry) {
    let name = ObjectName(entry.name, "interface")
    let held = holdings.interfaces[entry.name]
    if let present = snapshot.host?.interfaces[entry.name] {
      guard let held else {
        problems.append(
          PlanProblem(
            .taken, name, "there is an interface of that name that is not ours",
            do: "delete it, or choose another name"))
        return
      }
      guard present.interfaceID == entry.interfaceID else {
        problems.append(
          PlanProblem(
            .unchangeable, name,
            "its interface ID is \(present.interfaceID) and cannot be changed",
            do: "choose another name for the new one"))
        return
      }
      let differences = entry.differences(from: present, held)
      guard !differences.isEmpty else { return }
      steps.append(
        PlanStep(
          .prepare, name, .changeInterface(entry), because: differences.joined(separator: ", ")))
      return
    }
    if snapshot.host == nil, held == entry { return }
    steps.append(
      PlanStep(
        .prepare, name, .addInterface(entry),
        because: held == nil ? PlanStep.newReason : "not as it is to be"))
  }

  /// Those that are not wanted any more.
  mutating func withdrawInterfaces() {
    let wanted = Set(desired.interfaces.map(\.name))
    let old = holdings.interfaces.values.filter {
      !wanted.contains($0.name) && !desired.isGuardsOnly
    }
    for entry in old.sorted(by: { $0.name < $1.name }) {
      // Somebody may have deleted it, and given its name to another since.
      let isThere =
        snapshot.host.map { $0.interfaces[entry.name]?.interfaceID == entry.interfaceID } ?? true
      let name = ObjectName(entry.name, "interface")
      let isSeen = isThere && exposes(entry, name)
      steps.append(
        PlanStep(
          .withdraw, name, .deleteInterface(entry, isThere: isThere),
          because: isThere ? PlanStep.unwantedReason : PlanStep.goneReason,
          effect: isSeen ? .cleartext : .none))
    }
  }

  /// The addresses that interfaces had for an earlier configuration. Others that they have are
  /// somebody else's.
  mutating func planAddresses() {
    guard !desired.isGuardsOnly else { return }
    for entry in desired.interfaces {
      guard let held = holdings.interfaces[entry.name], held.interfaceID == entry.interfaceID
      else { continue }
      for address in held.addresses where !entry.addresses.contains(address) {
        let isThere =
          snapshot.host.map { $0.interfaces[entry.name]?.addresses.contains(address) ?? false }
          ?? true
        let routes = desired.routes.filter {
          $0.interface == entry.name && $0.destination.family == address.family
        }
        steps.append(
          PlanStep(
            .retire, ObjectName("\(address)", "address"),
            .deleteAddress(address, from: entry, keeping: routes, isThere: isThere),
            because: isThere ? PlanStep.unwantedReason : PlanStep.goneReason))
      }
    }
  }
}
