internal import XFRMKit

extension CheckDefinition {
  static let xfrmInterface = feature(
    "xfrm.interface", .features, "xfrm interfaces", usual,
    about: "makes an xfrm interface in a private network namespace, reads it back and deletes it",
    why: "tunnels that routes lead into take it",
    advice: "load xfrm_interface, or boot a kernel "
      + "with CONFIG_XFRM_INTERFACE", related: ["xfrm.ifid"], probe: .xfrmInterface
  ) { $0.judgeInterface("xfrm.interface", .xfrmInterface) }

  static func vti(_ family: AddressFamily) -> CheckDefinition {
    let module: KernelModule = family == .ipv6 ? .vti6 : .vti4
    let id: CheckID = family == .ipv6 ? "xfrm.vti6" : "xfrm.vti4"
    return feature(
      id, .features, "Virtual tunnel interfaces, \(family)", useful,
      about:
        "makes a VTI in a private network namespace, reads it back and deletes it; \(module.name) "
        + "is not loaded for it, as that gives every namespace an interface",
      why: "older set-ups route into these; xfrm interfaces took their place",
      advice: "`modprobe \(module.name)`", related: ["xfrm.interface"],
      probe: .tunnelInterface(family)
    ) { $0.judgeInterface(id, module) }
  }
}

extension Findings {
  /// What follows from whether the kernel made an interface.
  fileprivate func judgeInterface(_ id: CheckID, _ module: KernelModule) -> Judgement {
    let condition = condition(module)
    if case .notRun(.mightLoadModules) = probes[id].outcome, module != .xfrmInterface,
      condition.state != .unknown
    {
      return judgeUnasked(condition)
    }
    return judge(id, works: "works" + how(module)) { error in
      Judgement(
        status: .fail, summary: summary(without: module) ?? "kernel has none",
        evidence: [error.evidence] + condition.evidence,
        explanation: explain([module], after: error))
    }
  }

  /// What follows for interfaces that a module brings which was not to be loaded just to ask.
  private func judgeUnasked(_ condition: ModuleCondition) -> Judgement {
    let module = condition.module
    guard !condition.state.isPresent else {
      return Judgement(
        status: .unknown, summary: "there, but was not tried", evidence: condition.evidence,
        explanation: Explanation(cause: "nothing but its files shows that \(module.name) is there"))
    }
    let explanation =
      condition.state.mayBeLoaded
      ? Explanation(
        cause: "\(module.name) gives every network namespace an interface, so that it was not "
          + "loaded just to ask",
        remedies: [Remedy(.load, [module])]) : explain([module])
    return Judgement(
      status: .fail, summary: summary(without: module) ?? "not in this kernel",
      evidence: condition.evidence, explanation: explanation)
  }
}
