internal import XFRMKit

extension CheckDefinition {
  /// Routes, addresses and settings of the network.
  static let routing: [CheckDefinition] =
    [
      rules(.ipv4), rules(.ipv6), advancedRoutes, defaultRoute, poolOverlap, ipv6Gateway,
      ipForward, allForwarding, ipv6Forwarding, routeLocalnet, reversePathFilter, redirects,
      noPMTUDiscovery, larvalDrop, disabledIPsec, mtu, sourceCheck,
    ].map(\.forgiving)

  private static func rules(_ family: AddressFamily) -> CheckDefinition {
    let id: CheckID = family == .ipv6 ? "route.rules.v6" : "route.rules.v4"
    return CheckDefinition(
      id: id, group: .routing, title: "Routing rules for \(family)",
      // Without a rule for IPv6, charon says so and goes on with IPv4.
      importance: Importance(
        gateway: .optional, strongswan: family == .ipv6 ? .recommended : .required,
        algo: .required),
      about: "adds a rule for the routing table 220 and deletes it, in a private network namespace",
      why: "strongSwan keeps its routes in a table of its own, which packets find by such a rule",
      advice: "boot a kernel with CONFIG_\(family.ruleOption)", dependsOn: [netlink.id],
      probe: .rule(family)
    ) { $0.judgeRules(id, family) }
  }

  private static let advancedRoutes = CheckDefinition(
    id: "route.advanced", group: .routing, title: "Routes with a source, in a table",
    importance: Importance(gateway: .optional, strongswan: .recommended, algo: .recommended),
    about:
      "adds a route with a source address to the table 220, reads it back and deletes it, in a "
      + "private network namespace",
    why: "strongSwan adds such a route for each tunnel, so that this host's own packets go through",
    advice: "boot a kernel with CONFIG_IP_ADVANCED_ROUTER and CONFIG_IP_MULTIPLE_TABLES",
    dependsOn: [netlink.id], probe: .advancedRoute
  ) { $0.judgeAdvancedRoutes("route.advanced") }
}

extension AddressFamily {
  /// The option of the kernel's configuration that brings several routing tables.
  fileprivate var ruleOption: String {
    self == .ipv6 ? "IPV6_MULTIPLE_TABLES" : "IP_MULTIPLE_TABLES"
  }
}

extension Findings {
  fileprivate func judgeRules(_ id: CheckID, _ family: AddressFamily) -> Judgement {
    let outcome = probes[id].outcome
    if let undecided = undecided(outcome) { return undecided }
    guard case .refused(let error) = outcome else {
      return Judgement(
        status: .pass, summary: "work", evidence: [Evidence(outcome.request, "added and deleted")])
    }
    if family == .ipv6, ipv6 != .active, ipv6 != .unknown {
      return Judgement(
        status: ipv6.isGone ? .absent : .fail, summary: "no IPv6 in this kernel now",
        evidence: [error.evidence], explanation: explainIPv6(),
        severity: ipv6.isGone ? .optional : .recommended)
    }
    var judgement = refused(
      error, "kernel has one routing table only",
      options: family == .ipv6 ? [family.ruleOption] : ["IP_ADVANCED_ROUTER", family.ruleOption])
    if family == .ipv6, doesWithoutIPv6, !profile.rules.contains(where: { id.fits($0.pattern) }) {
      judgement.severity = .recommended
    }
    return judgement
  }

  /// Whether Algo sets up IPv4 only, as no way leads out over IPv6.
  private var doesWithoutIPv6: Bool {
    guard profile.use == .algo, let topology = network.known else { return false }
    return topology.defaultRoute(.ipv6) == nil
  }

  fileprivate func judgeAdvancedRoutes(_ id: CheckID) -> Judgement {
    let outcome = probes[id].outcome
    if let undecided = undecided(outcome) { return undecided }
    let options = ["IP_ADVANCED_ROUTER", "IP_MULTIPLE_TABLES"]
    switch outcome {
    case .refused(let error):
      return refused(error, "kernel refuses such routes", options: options)
    case .different(let request, let difference):
      var judgement = Judgement(
        status: .fail, summary: "kernel has one routing table only",
        evidence: [Evidence(request, difference)])
      judgement.explanation = explain(options: options)
      return judgement
    case .works, .notRun:
      return Judgement(
        status: .pass, summary: "work",
        evidence: [Evidence(outcome.request, "added, read back as asked and deleted")])
    }
  }

  private func refused(
    _ error: XFRMError, _ summary: String, options: [String]
  ) -> Judgement {
    Judgement(
      status: .fail, summary: summary, evidence: [error.evidence],
      explanation: explain(options: options, after: error))
  }

  /// Why the kernel lacks what no module brings.
  private func explain(options: [String], after error: XFRMError? = nil) -> Explanation {
    let notSet = options.filter { modules.configuration?[$0] == .notSet }.map { "CONFIG_\($0)" }
    let names = options.map { "CONFIG_\($0)" }.asList
    let cause =
      notSet.isEmpty
      ? error.map { "\($0)" } ?? "the kernel was probably built without \(names)"
      : "\(notSet.asList) \(notSet.count == 1 ? "is" : "are") not set"
    return Explanation(
      cause: cause,
      remedies: [
        Remedy(
          "boot a kernel with \(names), as distributions' kernels are",
          command: kernelIsPackaged ? host.kernelCommand : nil)
      ])
  }
}

extension ProbeOutcome {
  /// What was asked.
  var request: String {
    switch self {
    case .works(let request), .different(let request, _): request
    case .refused(let error): error.request
    case .notRun: "nothing"
    }
  }
}
