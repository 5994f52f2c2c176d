internal import XFRMKit

extension CheckDefinition {
  /// A check of something that kernels have or lack: who can do without it is not told of a
  /// failure.
  static func feature(
    _ id: CheckID, _ group: Check.Group, _ title: String, _ importance: Importance,
    about: String, why: String, advice: String, related: [CheckID] = [],
    dependsOn: [CheckID] = [netlink.id], probe: KernelProbe? = nil,
    judge: @escaping @Sendable (Findings) -> Judgement
  ) -> CheckDefinition {
    var definition = CheckDefinition(
      id: id, group: group, title: title, importance: importance, about: about, why: why,
      advice: advice, related: related, dependsOn: dependsOn, probe: probe, judge: judge)
    let bare = definition
    definition.judge = { findings in
      var judgement = judge(findings)
      if findings.profile.severity(of: bare) == .optional {
        judgement.severity = nil
        if judgement.status == .fail { judgement.status = .absent }
      }
      return judgement
    }
    return definition
  }
}

extension Findings {
  /// What follows from a probe's outcome.
  ///
  /// - Parameters:
  ///   - works: What to say of it if it works.
  ///   - differs: What follows if the kernel agreed and did something else.
  ///   - denied: What follows from the kernel's no.
  func judge(
    _ id: CheckID, works: String = "works",
    differs: (String) -> Judgement = Judgement.different,
    denied: (XFRMError) -> Judgement
  ) -> Judgement {
    let outcome = probes[id].outcome
    if let undecided = undecided(outcome) { return undecided }
    switch outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: works, evidence: [Evidence(request, "done, and found as asked")])
    case .different(let request, let difference):
      var judgement = differs(difference)
      judgement.evidence.insert(Evidence(request, difference), at: 0)
      return judgement
    case .refused(let error):
      return denied(error)
    case .notRun:
      return .notAsked
    }
  }

  /// What is left of a check about IPv6 on a host without; `nil` where there is IPv6, or might be.
  ///
  /// - Parameters:
  ///   - evidence: What the kernel said.
  ///   - module: What speaks IPsec over IPv6.
  func judgeWithoutIPv6(_ evidence: [Evidence], _ module: KernelModule = .esp6) -> Judgement? {
    guard ipv6 != .active, ipv6 != .unknown else { return nil }
    return Judgement(
      status: ipv6.isGone ? .absent : .fail,
      summary: ipv6 == .notLoaded ? "ipv6 is not loaded" : "this kernel does without IPv6",
      evidence: evidence + condition(.ipv6).evidence, explanation: explainIPv6(module),
      severity: ipv6.isGone ? .recommended : nil)
  }
}

extension Judgement {
  static func different(_ difference: String) -> Judgement {
    Judgement(
      status: .fail, summary: "kernel makes something else of it",
      explanation: Explanation(cause: "the kernel accepted it and has it with \(difference)"))
  }

  /// What follows from a refusal that its own words explain best.
  ///
  /// - Parameter remedies: What to do about it.
  static func denied(
    _ summary: String, _ error: XFRMError, because cause: String? = nil, _ remedies: [Remedy] = []
  ) -> Judgement {
    Judgement(
      status: .fail, summary: summary, evidence: [error.evidence],
      explanation: Explanation(
        cause: cause ?? error.cause?.explanation ?? "\(error.failure)", remedies: remedies))
  }
}
