internal import Netlink

extension CheckDefinition {
  /// Whether the caller may try things out. What it may not do makes other checks undecided, not
  /// the host unfit.
  static let privilege = CheckDefinition(
    id: "env.privilege", group: .host, title: "Privileges", importance: .always(.recommended),
    about: "makes a private network namespace and asks the kernel in it, which takes CAP_SYS_ADMIN "
      + "and CAP_NET_ADMIN or a user namespace",
    why: "without them nothing can be tried out: the host is not found unfit, but undecided",
    advice: "run the check as root, or allow unprivileged user namespaces"
  ) { findings in
    var evidence: [Evidence] = []
    if let privilege = findings.privilege {
      let held = Privilege.Capability.allCases.filter(privilege.holds).map(\.name)
      let place = privilege.isInitialUserNamespace ? "" : ", in a user namespace of its own"
      evidence.append(
        Evidence("/proc/self/status", (held.isEmpty ? "none" : held.asList) + place))
    }
    switch findings.probes.privateInterface.outcome {
    case .works:
      return Judgement(
        status: .pass,
        summary: findings.privilege?.isInitialUserNamespace == false
          ? "enough to probe, in a user namespace" : "enough to probe", evidence: evidence)
    case .notRun(.noNamespace(let error)):
      evidence.append(error.evidence("make a network namespace"))
      return Judgement(
        status: .fail, summary: findings.lackSummary, evidence: evidence,
        explanation: findings.explain(noNamespace: error))
    case .refused(let error):
      evidence.append(error.evidence)
      return Judgement(
        status: .fail, summary: findings.lackSummary, evidence: evidence,
        explanation: findings.explain(undecided: error))
    case .different, .notRun:
      guard findings.privilege != nil else {
        return Judgement(
          status: .unknown, summary: "not known", evidence: evidence,
          explanation: Explanation(
            cause: "/proc/self/status is not there, or could not be read"))
      }
      let lacking = findings.lackingCapabilities
      return lacking.isEmpty
        ? Judgement(status: .pass, summary: "enough to probe", evidence: evidence)
        : Judgement(
          status: .fail, summary: findings.lackSummary, evidence: evidence,
          explanation: findings.explain(lacking: lacking))
    }
  }
}

extension Findings {
  /// What probing takes and the process does not have.
  var lackingCapabilities: [Privilege.Capability] {
    guard let privilege else { return [] }
    return [.netAdmin, .sysAdmin].filter { !privilege.holds($0) }
  }

  /// `lacks CAP_NET_ADMIN and CAP_SYS_ADMIN`
  fileprivate var lackSummary: String {
    let lacking = lackingCapabilities.map(\.name)
    return lacking.isEmpty ? "not enough to probe" : "lacks \(lacking.asList)"
  }
}
