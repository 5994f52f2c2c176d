extension CheckDefinition {
  static let memory = CheckDefinition(
    id: "env.memory", group: .host, title: "Memory",
    importance: Importance(
      minimal: .optional, gateway: .optional, strongswan: .optional, algo: .recommended,
      libreswan: .optional),
    about: "reads how much memory there is, and the limit of a container's",
    why:
      "Algo's servers have 512 MB and more; a kernel takes part of that before anybody can count",
    advice: "take a server with 512 MB or more"
  ) { findings in
    let memory = findings.environment.memory
    guard let mebibytes = memory.mebibytes else {
      return Judgement(
        status: .unknown, summary: "the files do not tell",
        explanation: Explanation(cause: "/proc/meminfo is not there, or could not be read"))
    }
    // A machine of 512 MB has that much left for everything but the kernel itself.
    guard mebibytes < 400 else {
      return Judgement(status: .pass, summary: "\(mebibytes) MiB", evidence: memory.evidence)
    }
    return Judgement(
      status: findings.profile.use == .algo ? .fail : .absent, summary: "\(mebibytes) MiB",
      evidence: memory.evidence,
      explanation: Explanation(
        cause: "less than a machine of 512 MB has",
        remedies: findings.profile.use == .algo
          ? [Remedy("take a server with 512 MB or more")] : []))
  }

  static let rebootRequired = CheckDefinition(
    id: "env.reboot-required", group: .host, title: "No reboot pending",
    importance: .always(.recommended),
    about: "looks for /run/reboot-required, which Debian's and Ubuntu's packages leave",
    why: "an upgraded kernel's modules do not fit the one that still runs",
    advice: "`reboot`, then check again"
  ) { findings in
    guard findings.environment.isRunning else { return findings.notRunning }
    let evidence = findings.environment.start.rebootWanted
    guard let first = evidence.first else {
      return Judgement(status: .pass, summary: "none that is known of")
    }
    return Judgement(
      status: .fail, summary: "the system wants to be rebooted", evidence: evidence,
      explanation: Explanation(
        cause: "packages were upgraded that only a reboot puts to use (\(first.source))",
        remedies: [Remedy("reboot, then check again", command: "reboot")]))
  }

  static let secureBoot = CheckDefinition(
    id: "env.secure-boot", group: .host, title: "Any module may be loaded",
    importance: .always(.optional),
    about: "reads the firmware's SecureBoot variable and the kernel's lockdown",
    why:
      "under lockdown the kernel takes modules with a signature that it knows only; those of the "
      + "distribution have one",
    advice: "use the distribution's own modules"
  ) { findings in
    let start = findings.environment.start
    guard findings.environment.isRunning else { return findings.notRunning }
    let isLockedDown = start.lockdown.map { $0 != "none" } ?? false
    let evidence =
      [start.lockdown.map { Evidence("/sys/kernel/security/lockdown", $0) }].compactMap { $0 }
      + [start.isSecureBoot.map { Evidence(SystemStart.secureBoot, $0 ? "on" : "off") }]
      .compactMap { $0 }
    guard isLockedDown || start.isSecureBoot == true else {
      guard findings.environment.container == nil || start.lockdown != nil else {
        return Judgement(
          status: .unknown, summary: "the files do not tell",
          explanation: Explanation(cause: "a container does not see how its machine was started"))
      }
      return Judgement(status: .pass, summary: "no sign of a lockdown", evidence: evidence)
    }
    return Judgement(
      status: .absent, summary: isLockedDown ? "signed ones only: lockdown" : "Secure Boot is on",
      evidence: evidence,
      explanation: Explanation(
        cause: isLockedDown
          ? "the kernel is locked down (\(start.lockdown ?? "")), and takes signed modules only"
          : "with Secure Boot, most distributions' kernels take signed modules only"))
  }
}
