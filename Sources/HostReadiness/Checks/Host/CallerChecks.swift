internal import Netlink

extension CheckDefinition {
  static let root = CheckDefinition(
    id: "env.root", group: .host, title: "Run by root", importance: .always(.recommended),
    about: "reads who runs the check",
    why: "files may be unreadable to others, and modules are loaded by root only; what can be "
      + "probed in a user namespace comes out the same",
    advice: "run the check with sudo", related: ["env.privilege"]
  ) { findings in
    guard let user = findings.caller?.user else { return findings.callerUnknown }
    let evidence = [Evidence("/proc/self/status", "user ID \(user)")]
    guard user != 0 else { return Judgement(status: .pass, summary: "yes", evidence: evidence) }
    return findings.lowered(
      Judgement(
        status: .fail, summary: "no, by user ID \(user)", evidence: evidence,
        explanation: Explanation(
          cause: "some things only root may read, and load",
          remedies: [.asRoot])))
  }

  static let userNamespace = CheckDefinition(
    id: "env.userns", group: .host, title: "The system's user namespace",
    importance: Importance(
      minimal: .optional, gateway: .recommended, strongswan: .recommended, algo: .recommended,
      libreswan: .recommended),
    about: "reads /proc/self/uid_map, as the caller has it",
    why: "in another one, IPsec's settings below /proc/sys/net/core are hidden, and modprobe may "
      + "load nothing",
    advice: "make settings and load modules outside; a privileged container has no other",
    related: ["env.container"]
  ) { findings in
    guard let privilege = findings.caller?.privilege else { return findings.callerUnknown }
    guard !privilege.isInitialUserNamespace else {
      return Judgement(
        status: .pass, summary: "is the caller's",
        evidence: [Evidence("/proc/self/uid_map", "everybody is who he is")])
    }
    let isOptional = findings.profile.use == .minimal
    return Judgement(
      status: isOptional ? .absent : .fail, summary: "the caller is in another",
      evidence: [Evidence("/proc/self/uid_map", "users are mapped")],
      explanation: Explanation(
        cause: "in a user namespace of its own, modprobe may load nothing, and sysctls such as "
          + "net.core.xfrm_acq_expires are hidden",
        remedies: [
          Remedy("load modules and set sysctls outside of the container, or make it privileged")
        ]))
  }

  static let userNamespaceLimits = CheckDefinition(
    id: "env.userns-restrict", group: .host, title: "User namespaces for users",
    importance: .always(.optional),
    about:
      "reads what may forbid users a namespace of their own (kernel.unprivileged_userns_clone, "
      + "kernel.apparmor_restrict_unprivileged_userns, user.max_user_namespaces)",
    why: "without them only root can have things tried out",
    advice: "run the check as root; there is good reason to forbid them", related: ["sec.userns"]
  ) { findings in
    let limits = findings.environment.limits
    if case .refused(let error) = findings.caller?.way {
      return Judgement(
        status: .absent, summary: "refused",
        evidence: [error.evidence("make a user namespace")] + [limits.obstacle].compactMap { $0 },
        explanation: Explanation(
          cause: limits.setting.map { "\($0) forbids them" } ?? "the system refuses them: \(error)",
          remedies: [.asRoot]))
    }
    guard let obstacle = limits.obstacle else {
      let works = findings.caller?.way == .userNamespace
      guard limits.isKnown || works else {
        return Judgement(
          status: .unknown, summary: "the files do not tell",
          explanation: Explanation(cause: "none of the settings is there"))
      }
      return Judgement(status: .pass, summary: works ? "allowed: we are in one" : "allowed")
    }
    return Judgement(
      status: .absent, summary: "forbidden", evidence: [obstacle],
      explanation: Explanation(cause: "\(limits.setting ?? obstacle.source) forbids them"))
  }

  static let seccomp = CheckDefinition(
    id: "env.seccomp", group: .host, title: "System calls unfiltered",
    importance: .always(.optional),
    about: "reads Seccomp and NoNewPrivs of the caller, /proc/self/status",
    why: "a filter, such as Docker's, may refuse namespaces or sockets whatever the capabilities",
    advice: "if something is refused, start the container with another seccomp profile",
    related: ["env.container"]
  ) { findings in
    guard let isFiltered = findings.caller?.isFiltered else { return findings.callerUnknown }
    let hasNoNew = findings.caller?.hasNoNewPrivileges == true
    let evidence = [
      Evidence("/proc/self/status", "Seccomp \(isFiltered ? "on" : "off")"),
      Evidence("/proc/self/status", "NoNewPrivs \(hasNoNew ? "on" : "off")"),
    ]
    guard isFiltered || hasNoNew else {
      return Judgement(status: .pass, summary: "yes", evidence: evidence)
    }
    return Judgement(
      status: .absent,
      summary: isFiltered ? "a seccomp filter is in force" : "no new privileges by programs",
      evidence: evidence,
      explanation: Explanation(
        cause: isFiltered
          ? "the caller's system calls are filtered, and some may be refused"
          : "programs such as sudo cannot give the caller more privileges"))
  }
}

extension Findings {
  /// What the caller lacks says nothing about a host where things could be tried out all the same.
  func lowered(_ judgement: Judgement, isOptional: Bool = false) -> Judgement {
    guard couldProbe || isOptional else { return judgement }
    var judgement = judgement
    judgement.status = .absent
    judgement.severity = .optional
    return judgement
  }

  /// What is left of a check of the caller's privileges if nothing tells of them.
  var callerUnknown: Judgement {
    Judgement(
      status: .unknown, summary: "the files do not tell",
      explanation: Explanation(cause: "/proc/self/status is not there, or could not be read"),
      severity: couldProbe ? .optional : nil)
  }
}
