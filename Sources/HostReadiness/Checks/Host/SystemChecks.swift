extension CheckDefinition {
  static let linux = CheckDefinition(
    id: "env.linux", group: .host, title: "Operating system", importance: .always(.required),
    about: "reads the kernel's name, kernel.ostype",
    why: "XFRM is Linux's; FreeBSD and others have an IPsec of their own",
    advice: "use a Linux host", related: ["env.kernel-version"]
  ) { findings in
    guard findings.environment.isRunning else { return findings.notRunning }
    let system = findings.host.system
    let isLinux = system == "Linux"
    return Judgement(
      status: isLinux ? .pass : .fail, summary: isLinux ? "Linux" : "not Linux",
      evidence: [Evidence("uname -s", system)],
      explanation: isLinux ? Explanation() : Explanation(cause: "the kernel calls itself \(system)")
    )
  }

  static let kernelVersion = CheckDefinition(
    id: "env.kernel-version", group: .host, title: "Kernel version",
    importance: .always(.recommended),
    about: "compares the kernel's release with 4.19, which everything needed is in, and for Algo "
      + "with 5.15",
    why: "older kernels lack features; a distribution may have put them in all the same, so the "
      + "probes decide",
    advice: "upgrade the system's kernel", related: ["env.provider-kernel"]
  ) { $0.judgeKernelVersion() }

  static let distribution = CheckDefinition(
    id: "env.distro", group: .host, title: "Distribution", importance: Importance(algo: .required),
    about: "reads /etc/os-release",
    why: "Algo's roles are written for Ubuntu 22.04 and tested on nothing else",
    advice: "set the server up anew with the image of Ubuntu 22.04", related: ["env.systemd"]
  ) { findings in
    guard let distribution = findings.host.distribution else {
      return Judgement(
        status: .unknown, summary: "does not say",
        explanation: Explanation(cause: "there is no /etc/os-release"))
    }
    let isRight = distribution.id == "ubuntu" && distribution.version == "22.04"
    return Judgement(
      status: isRight ? .pass : .fail, summary: String("\(distribution)".prefix(38)),
      evidence: [Evidence("/etc/os-release", distribution.name)],
      explanation: isRight
        ? Explanation()
        : Explanation(
          cause: "Algo supports Ubuntu 22.04 only",
          remedies: [Remedy("set the server up anew with the image of Ubuntu 22.04")]))
  }

  static let systemd = CheckDefinition(
    id: "env.systemd", group: .host, title: "systemd", importance: Importance(algo: .required),
    about: "looks for /run/systemd/system, which systemd makes as the first process",
    why: "Algo sets up services, timers and networks of systemd",
    advice: "use an image that starts with systemd", related: ["env.distro", "env.container"]
  ) { findings in
    guard findings.environment.isRunning else { return findings.notRunning }
    let isSystemd = findings.environment.start.isSystemd
    return Judgement(
      status: isSystemd ? .pass : .fail,
      summary: isSystemd ? "is the first process" : "is not the first process",
      evidence: [Evidence("/run/systemd/system", isSystemd ? "is there" : "is not there")],
      explanation: isSystemd
        ? Explanation()
        : Explanation(
          cause: "something else started this system, or container",
          remedies: [Remedy("use an image that starts with systemd")]))
  }

  static let architecture = CheckDefinition(
    id: "env.arch", group: .host, title: "Architecture", importance: .always(.optional),
    about: "reads the machine's kind, `uname -m`",
    why: "xfrmctl is tested on x86_64 and aarch64; IPsec itself is the same everywhere",
    advice: "none is needed if the probes pass"
  ) { findings in
    guard findings.environment.isRunning else { return findings.notRunning }
    let machine = findings.host.architecture
    let isTested = ["x86_64", "aarch64"].contains(machine)
    return Judgement(
      status: isTested ? .pass : .absent, summary: String(machine.prefix(38)),
      evidence: [Evidence("uname -m", machine)],
      explanation: isTested
        ? Explanation()
        : Explanation(cause: "xfrmctl is tested on x86_64 and aarch64 only"))
  }
}

extension Findings {
  fileprivate func judgeKernelVersion() -> Judgement {
    guard environment.knowsKernel else { return notRunning }
    let release = host.kernelRelease
    let evidence = [Evidence("uname -r", release)]
    guard let version = KernelVersion(release: release) else {
      return Judgement(
        status: .unknown, summary: String(release.prefix(38)), evidence: evidence,
        explanation: Explanation(cause: "the release does not start with a version"))
    }
    let wanted = profile.use == .algo ? KernelVersion(5, 15) : KernelVersion(4, 19)
    guard version < wanted else {
      return Judgement(status: .pass, summary: "\(version)", evidence: evidence)
    }
    let missing = KernelVersion.features.filter { version < $0.since }.map(\.name)
    return Judgement(
      status: .fail, summary: "\(version) is old", evidence: evidence,
      explanation: Explanation(
        cause: "before \(wanted)"
          + (missing.isEmpty ? "" : ", without \(missing.asList), unless added to it later"),
        remedies: [Remedy("upgrade to a kernel of \(wanted) or later")]))
  }
}

extension KernelVersion {
  /// What came to be known as wanted after it was first there.
  fileprivate static let features: [(since: KernelVersion, name: String)] = [
    (KernelVersion(3, 15), "usable VTI interfaces"),
    (KernelVersion(4, 2), "ChaCha20-Poly1305"),
    (KernelVersion(4, 19), "xfrm interfaces"),
    (KernelVersion(5, 6), "WireGuard"),
    (KernelVersion(5, 8), "ESP in UDP over IPv6"),
  ]
}
