internal import XFRMKit

extension CheckDefinition {
  /// Whether programs can talk to the kernel's IPsec databases.
  static let netlink = CheckDefinition(
    id: "xfrm.netlink", group: .interface, title: "XFRM netlink interface",
    importance: .always(.required),
    about: "opens a NETLINK_XFRM socket and counts SAs and policies",
    why: "without xfrm_user no IKE daemon can reach the kernel's databases, and charon does not "
      + "even start",
    advice: "load xfrm_user, or boot a kernel with CONFIG_XFRM_USER", related: ["mod.xfrm_user"]
  ) { findings in
    let own = findings.probes.interface
    let inPrivate = findings.probes.privateInterface
    let request = "count SAs and policies"
    switch (own.outcome, inPrivate.outcome) {
    case (.works(let counts), _):
      return Judgement(
        status: .pass, summary: "answers: \(counts)", evidence: [Evidence(request, counts)],
        duration: own.duration)
    case (.refused(let error), .works(let counts)):
      return Judgement(
        status: .pass, summary: "answers in a namespace of our own",
        evidence: [
          error.evidence, Evidence("\(request), in a private network namespace", counts),
        ], duration: own.duration + inPrivate.duration)
    case (.refused(let error), _) where error.cause == .noNetlinkInterface:
      return Judgement(
        status: .fail,
        summary: findings.summary(without: .xfrmUser) ?? "kernel has no XFRM netlink interface",
        evidence: [error.evidence] + findings.condition(.xfrmUser).evidence,
        explanation: findings.explain([.xfrmUser], after: error), duration: own.duration)
    case (.refused(let error), _) where error.isAboutTheKernel:
      return Judgement(
        status: .fail, summary: "refuses to answer", evidence: [error.evidence],
        explanation: Explanation(cause: "\(error)"), duration: own.duration)
    case (.refused(let error), _):
      return Judgement(
        status: .unknown, summary: "there, but does not answer us", evidence: [error.evidence],
        explanation: findings.explain(undecided: error), duration: own.duration)
    case (.notRun(.mightLoadModules), _):
      return .mightLoadModules
    case (.different, _), (.notRun, _):
      return .notAsked
    }
  }
}

extension Judgement {
  /// What is left of a check that only the kernel can answer, when it is not to be asked.
  static let notAsked = Judgement(
    status: .unknown, summary: "not asked",
    explanation: Explanation(
      cause: "only the running kernel can tell, and it was not to be asked"))

  /// What is left of a check whose question might make the kernel load a module, where it is not to.
  static let mightLoadModules = Judgement(
    status: .unknown, summary: "not asked: might load modules",
    explanation: Explanation(
      cause: "the kernel might load a module to answer, and nothing was to be loaded"))
}
