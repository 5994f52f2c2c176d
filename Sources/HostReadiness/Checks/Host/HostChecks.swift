extension CheckDefinition {
  /// What the host is and what the caller may do there. Nothing here stands in the way of a kernel
  /// that does what it is asked for.
  static let host: [CheckDefinition] =
    [linux, kernelVersion, distribution, systemd, architecture]
    + [privilege, root, netAdmin, sysModule, sysAdmin, userNamespace, userNamespaceLimits, seccomp]
    + [container, openVZ, gVisor, windows, virtualMachine, firecracker, kernelOrigin]
    + [memory, rebootRequired, secureBoot]
}

extension Findings {
  /// Whether the kernel does the ESP over IPv4 that the profile requires; `nil` if that is not known.
  var espWorks: Bool? {
    let outcomes = CheckDefinition.protocols(profile.proposals)
      .filter { $0.id.rawValue.hasPrefix("xfrm.esp4") && profile.severity(of: $0) == .required }
      .map { probes[$0.id].outcome }
    if outcomes.contains(where: { $0.denial != nil }) { return false }
    return !outcomes.isEmpty && outcomes.allSatisfy(\.works) ? true : nil
  }

  /// Whether things could be tried out.
  var couldProbe: Bool { probes.privateInterface.outcome.works }

  /// What is left of a check that only a running system can answer, where there are but its files.
  var notRunning: Judgement {
    Judgement(
      status: .unknown, summary: "only a running system tells",
      explanation: Explanation(cause: "there is no /proc here: these are a system's files only"),
      severity: couldProbe ? .optional : nil)
  }
}
