extension CheckDefinition {
  static let netAdmin = capability(
    .netAdmin, "env.cap.net-admin", .recommended,
    why: "every change to SAs, policies, routes and interfaces takes it",
    advice: "be root; start a container with --cap-add NET_ADMIN")

  static let sysModule = capability(
    .sysModule, "env.cap.sys-module", .recommended,
    why: "modprobe takes it; the kernel may still load modules by itself when they are needed",
    advice: "load modules on the machine, outside of the container")

  static let sysAdmin = capability(
    .sysAdmin, "env.cap.sys-admin", .optional,
    why: "a private network namespace, where things are tried out, takes it or a user namespace",
    advice: "run the check as root, or where user namespaces are allowed")

  private static func capability(
    _ capability: Privilege.Capability, _ id: CheckID, _ severity: Check.Severity, why: String,
    advice: String
  ) -> CheckDefinition {
    CheckDefinition(
      id: id, group: .host, title: capability.name, importance: .always(severity),
      about: "reads whether the caller has \(capability.name)", why: why, advice: advice,
      related: ["env.privilege", "env.container"]
    ) { $0.judge(capability) }
  }
}

extension Findings {
  fileprivate func judge(_ capability: Privilege.Capability) -> Judgement {
    guard let caller, let holds = caller.holds(capability) else { return callerUnknown }
    let evidence = [
      Evidence(
        "/proc/self/status", holds ? "\(capability.name) held" : "\(capability.name) not held")
    ]
    guard !holds else { return Judgement(status: .pass, summary: "held", evidence: evidence) }
    let isContained = environment.container != nil
    guard caller.isOutOfReach(capability, isContained: isContained) else {
      return lowered(
        Judgement(
          status: .fail, summary: "not held", evidence: evidence,
          explanation: Explanation(
            cause: "the caller is not root, or has given it up",
            remedies: [.asRoot])),
        isOptional: capability == .sysAdmin)
    }
    // Without a sign of a container it may be the lack of this session or service alone.
    var judgement = Judgement(
      status: .fail, summary: "out of reach, even of root", evidence: evidence,
      explanation: Explanation(
        cause: isContained
          ? "no program here can have it: the container was started without"
          : "no program started from here can have it: the session or service was started without",
        remedies: [isContained ? capability.remedyOutside : .asFullRoot]))
    guard capability == .netAdmin else {
      return lowered(judgement, isOptional: capability == .sysAdmin)
    }
    // Whatever works in a namespace of our own, in the container no IKE daemon could set anything up.
    if isContained { judgement.severity = .required }
    return judgement
  }
}

extension Privilege.Capability {
  /// How a container comes by it.
  fileprivate var remedyOutside: Remedy {
    self == .sysModule
      ? Remedy("load modules on the machine, outside of the container")
      : Remedy("start the container with --cap-add \(name.dropFirst("CAP_".count))")
  }
}
