internal import XFRMKit

extension CheckDefinition {
  static let dirtyFrag = CheckDefinition(
    id: "sec.dirty-frag", group: .programs, title: "ESP without CVE-2026-43284",
    importance: .always(.recommended),
    about: "compares the kernel's version with those that fix “Dirty Frag”, a flaw in ESP through "
      + "which users become root",
    why: "kernels since 4.11 have it; fixed are 5.10.255, 5.15.206, 6.1.172, 6.6.138, 6.12.87, "
      + "6.18.28, 7.0.5 and all from 7.1 on, and those that a distribution has mended itself",
    advice: "upgrade the kernel and reboot; then a line that blocks esp4 may go, if one was added "
      + "for this", related: ["mod.esp4", "mod.esp6", "sec.userns"]
  ) { findings in
    let evidence = findings.build.evidence
    let upgrade = Remedy("upgrade the kernel, and reboot", command: findings.host.upgradeCommand)
    if findings.espWorks == false, findings.lacksESP {
      return Judgement(status: .pass, summary: "no ESP, so no flaw in it", evidence: evidence)
    }
    switch DirtyFrag(findings.build) {
    case .older:
      return Judgement(status: .pass, summary: "older than the flaw", evidence: evidence)
    case .fixed(let version):
      return Judgement(status: .pass, summary: "fixed in \(version)", evidence: evidence)
    case .vulnerable(let reason):
      return Judgement(
        status: .fail, summary: "vulnerable: update the kernel", evidence: evidence,
        explanation: Explanation(
          cause: "the kernel lets users become root through ESP: \(reason)", remedies: [upgrade]))
    case .unknown:
      // Most distributions' kernels are like that. It says nothing against them.
      return Judgement(
        status: .unknown, summary: "the version does not tell", evidence: evidence,
        explanation: Explanation(
          cause: "distributions mend kernels without changing these numbers; their advisories on "
            + "CVE-2026-43284 name the first package that is right"),
        severity: .optional)
    }
  }

  static let usersAndESP = CheckDefinition(
    id: "sec.userns", group: .programs, title: "ESP kept from ordinary users",
    importance: .always(.optional),
    about: "reads whether users may make namespaces, in which they are free to use ESP",
    why: "a flaw in ESP (sec.dirty-frag) is within everybody's reach then",
    advice:
      "upgrade the kernel; until then set user.max_user_namespaces to 0, if nothing needs them",
    related: ["sec.dirty-frag", "env.userns-restrict"]
  ) { findings in
    let limits = findings.environment.limits
    let evidence = [limits.obstacle].compactMap { $0 }
    switch DirtyFrag(findings.build) {
    case .older, .fixed:
      return Judgement(status: .pass, summary: "no need, as it is fixed", evidence: evidence)
    case _ where findings.espWorks == false && findings.lacksESP:
      return Judgement(status: .pass, summary: "no need, as there is no ESP", evidence: evidence)
    case _ where limits.obstacle != nil:
      return Judgement(status: .pass, summary: "by a sysctl", evidence: evidence)
    case .unknown where !limits.isKnown, .vulnerable where !limits.isKnown:
      return Judgement(
        status: .unknown, summary: "the files do not tell",
        explanation: Explanation(cause: "none of the settings is there"))
    case .vulnerable:
      return Judgement(
        status: .absent, summary: "users may use ESP",
        explanation: Explanation(
          cause: "users may make namespaces, and reach the kernel's flaw in them",
          remedies: [
            Remedy(
              "until the kernel is upgraded, forbid user namespaces if nothing needs them",
              command: "sysctl user.max_user_namespaces=0")
          ]))
    case .unknown:
      return Judgement(
        status: .absent, summary: "users may use ESP",
        explanation: Explanation(
          cause: "users may make namespaces; whether that matters depends on sec.dirty-frag"))
    }
  }
}

extension Findings {
  /// Whether the kernel has no ESP at all, as opposed to lacking an algorithm for it.
  fileprivate var lacksESP: Bool {
    CheckID.esp.contains { id in
      if case .noProtocol = probes[id].outcome.denial?.cause { true } else { false }
    }
  }
}
