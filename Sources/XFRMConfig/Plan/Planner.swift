internal import XFRMKit

/// Works out the way from what the kernel has to what it is to have.
///
/// After each of a plan's steps, for every packet, the SPD says what it said before the plan, what
/// it will say after it, or that the packet is dropped. So there is no moment at which a packet
/// leaves in clear that neither the old configuration nor the new one lets. It follows from the
/// order:
///
/// - New policies are added from the strongest to the weakest: among the new ones, that which is
///   found first is the one that will be found in the end.
/// - Those that stay where they are and change are each replaced in one step.
/// - Old ones are deleted from the weakest to the strongest, for the same reason.
/// - One that is to move past others would be in their way meanwhile, so its packets are dropped
///   from before the first step until after the last, by a policy that is stronger than all.
public struct Planner: Sendable {
  let desired: DesiredState
  let holdings: Holdings
  let inventory: Inventory
  let snapshot: KernelSnapshot
  let options: PlanOptions
  var tags: TagSupply
  var problems: [PlanProblem] = []
  /// What is no reason to stay, though it is in the way.
  var obstructions: [PlanProblem] = []
  var steps: [PlanStep] = []
  /// Policies after whose change packets may be seen in clear that were not before.
  var exposing: Set<Tag> = []
  /// Policies that drop packets while others move, and go last.
  var barring: Set<Tag> = []

  /// - Parameters:
  ///   - desired: What the kernel is to have.
  ///   - snapshot: What it has.
  ///   - holdings: What of that is ours.
  ///   - options: How to go about it.
  public init(
    _ desired: DesiredState, on snapshot: KernelSnapshot, holding holdings: Holdings,
    options: PlanOptions = PlanOptions()
  ) {
    self.desired = desired
    self.holdings = holdings
    self.snapshot = snapshot
    self.options = options
    inventory = Inventory(snapshot, holdings)
    tags = TagSupply(
      used: Array(holdings.policies.keys) + Array(holdings.associations.keys)
        + snapshot.policies.compactMap { Tag($0) } + snapshot.associations.compactMap { Tag($0) })
  }

  /// The plan; empty if the kernel is as it is to be.
  /// - Throws: Everything that is in the way of one.
  public consuming func plan() throws(PlanProblems) -> Plan {
    prepare()
    planAssociations()
    planPolicies()
    planRouteGuards()
    planRoutes()
    planAddresses()
    planDefaultActions()
    guard problems.isEmpty else { throw PlanProblems(problems: problems) }

    let isSwitch = options.hasSwitched || steps.contains { $0.effect == .switch }
    let retires = steps.contains(where: \.endsReception)
    let replaces = steps.contains { $0.isReplaced }
    if !steps.isEmpty, options.isVerified {
      steps.append(
        PlanStep(.verify, .host, .verify, because: "what was put there is read back"))
    }
    if isSwitch && retires || replaces, options.drain > .zero {
      steps.append(
        PlanStep(
          .drain, .host, .wait(options.drain), because: "packets that are under way arrive"))
    }
    // Within a phase the order is the one that they were found in.
    let order = steps.indices.sorted { (steps[$0].phase, $0) < (steps[$1].phase, $1) }
    return Plan(
      steps: order.map { steps[$0] }, foreign: inventory.foreign, warnings: warnings)
  }

  private var warnings: [String] {
    var warnings = desired.remarks + obstructions.map(\.description)
    let orphans = inventory.orphanPolicies.count + inventory.orphanAssociations.count
    if orphans > 0 {
      warnings.append(
        "\(orphans) objects carry our tag and are not in the journal; they are left alone")
    }
    let leaving = Set(
      steps.compactMap { step -> ObjectName? in
        if case .deleteAssociation(let held, _) = step.action { held.name } else { nil }
      })
    warnings += inventory.wear(holdings, at: snapshot.time)
      .filter { !leaving.contains($0.object) }.map(\.description)
    return warnings
  }

  private mutating func planDefaultActions() {
    guard let wanted = desired.defaultActions, let present = snapshot.defaultActions else { return }
    let changes = [
      (wanted.incoming, present.incoming), (wanted.forwarded, present.forwarded),
      (wanted.outgoing, present.outgoing),
    ].filter { $0.0 != .unchanged && $0.0 != $0.1 }
    guard !changes.isEmpty else { return }
    let opens = changes.contains { $0.0 == .accept }
    let name = ObjectName("default", "actions")
    if opens, !options.allowsCleartext(name.entry) {
      problems.append(.cleartext(name, "packets that no policy matches would pass in clear"))
    }
    steps.append(
      PlanStep(
        opens ? .withdraw : .guards, name, .setDefaultActions(wanted, from: present),
        because: "now \(present.incoming), \(present.forwarded), \(present.outgoing)",
        effect: opens ? .cleartext : .none))
  }
}

extension PlanStep {
  /// Whether packets may be under way that are not received any more once it is done.
  fileprivate var endsReception: Bool {
    switch action {
    case .deleteAssociation, .deleteInterface(_, isThere: true), .deleteRoute(_, isThere: true),
      .deleteAddress(_, _, _, isThere: true):
      true
    case .deletePolicy(let held, _): held.key.direction != .outgoing
    default: false
    }
  }
}

extension ObjectName {
  /// What a step is about that is about everything.
  static let host = ObjectName("host", "all")
}

extension PlanProblem {
  static func cleartext(_ object: ObjectName, _ explanation: String) -> PlanProblem {
    PlanProblem(
      .cleartext, object, explanation, do: "allow it with --allow-cleartext \(object.entry)")
  }
}
