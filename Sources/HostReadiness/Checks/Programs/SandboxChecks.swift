extension CheckDefinition {
  static let appArmor = CheckDefinition(
    id: "sw.apparmor", group: .programs, title: "AppArmor's profile for charon",
    importance: Importance(gateway: .optional, strongswan: .optional, algo: .recommended),
    about: "reads whether AppArmor is on, and whether it has a profile for charon",
    why: "Algo has it enforce the profile; where AppArmor is off, Algo leaves it out",
    advice: "`apt install apparmor-utils`, then `aa-enforce /usr/lib/ipsec/charon`",
    related: ["sw.unit-sandbox"]
  ) { $0.judgeAppArmor() }

  static let unitSandbox = CheckDefinition(
    id: "sw.unit-sandbox", group: .programs, title: "charon's unit lets it work",
    importance: Importance(gateway: .recommended, strongswan: .recommended, algo: .recommended),
    about: "reads strongSwan's units and their drop-ins: paths that must exist, address families, "
      + "memory limits",
    why: "a sandbox that is too tight keeps charon from starting (226/NAMESPACE), or from the "
      + "kernel",
    advice: "mend the line that the check names, then `systemctl daemon-reload`",
    related: ["mod.af_key", "sw.apparmor"]
  ) { $0.judgeUnits() }
}

extension Findings {
  fileprivate func judgeAppArmor() -> Judgement {
    let appArmor = programs.appArmor
    let evidence = appArmor.profile.map { [Evidence($0, "is there")] } ?? []
    guard appArmor.isEnabled else {
      return Judgement(
        status: .absent, summary: "AppArmor is off",
        explanation: Explanation(cause: "/sys/module/apparmor/parameters/enabled does not say Y"),
        severity: .optional)
    }
    if let mode = appArmor.mode {
      let isEnforced = mode == "enforce"
      return Judgement(
        status: isEnforced ? .pass : .absent, summary: isEnforced ? "enforced" : "in mode \(mode)",
        evidence: evidence,
        explanation: isEnforced
          ? Explanation()
          : Explanation(
            cause: "AppArmor only takes note of what charon does",
            remedies: [Remedy("have it enforced", command: "aa-enforce /usr/lib/ipsec/charon")]),
        severity: isEnforced ? nil : .optional)
    }
    if appArmor.profile != nil, !appArmor.isListed {
      return Judgement(
        status: .unknown, summary: "there; only root sees if it is used", evidence: evidence,
        explanation: Explanation(cause: "the kernel's list of profiles could not be read"),
        severity: .optional)
    }
    return Judgement(
      status: .absent, summary: hasCharon ? "not loaded" : "no strongSwan yet", evidence: evidence,
      explanation: Explanation(
        cause: hasCharon ? "the kernel has no profile for charon" : "charon is not installed"),
      severity: .optional)
  }

  fileprivate func judgeUnits() -> Judgement {
    let units = programs.units
    guard !units.isEmpty else {
      return Judgement(
        status: .absent, summary: "no unit of strongSwan's",
        explanation: Explanation(cause: "strongSwan's units are not installed"), severity: .optional
      )
    }
    let hasPFKey = condition(.afKey).state.isPresent
    let problems = units.flatMap { $0.problems(hasPFKey: hasPFKey) }
    guard let first = problems.first else {
      return Judgement(status: .pass, summary: units.map(\.name).asShortList)
    }
    return Judgement(
      status: .fail,
      summary: problems.count == 1
        ? "a line stands in the way" : "\(problems.count) lines stand in the way",
      evidence: problems.map(\.line.evidence),
      explanation: Explanation(
        cause: "\(first.line.evidence.source): \(first.cause)",
        remedies: problems.map { Remedy($0.advice) }))
  }
}

extension [String] {
  /// The first, and how many more there are, in at most 38 characters.
  fileprivate var asShortList: String {
    let first = first?.prefix(26) ?? ""
    return count > 1 ? "\(first) and \(count - 1) more" : String(first)
  }
}
