extension CheckDefinition {
  static let container = CheckDefinition(
    id: "env.container", group: .host, title: "Machine of its own",
    importance: .always(.recommended),
    about: "looks for signs of a container (files below /run and /dev, control groups, mounts, the "
      + "first process's environment, systemd-detect-virt)",
    why: "a container shares its machine's kernel: IPsec works in one where the machine has the "
      + "modules and the container CAP_NET_ADMIN, which the probes find out",
    advice: "have the machine load xfrm_user, esp4 and esp6 at boot",
    related: ["env.openvz", "env.cap.net-admin", "env.cap.sys-module"]
  ) { findings in
    let environment = findings.environment
    guard environment.isRunning else { return findings.notRunning }
    if let container = environment.container {
      return Judgement(
        status: .fail, summary: "a container: \(container.kind.title)",
        evidence: container.evidence,
        explanation: Explanation(
          cause: "its kernel, modules and many settings are those of the machine that it is on",
          // A kernel that loads no modules has what it has.
          remedies: findings.modules.isModular == false && !container.kind.isClosed
            ? [] : [Remedy(container.kind.advice)]))
    }
    guard let error = environment.containerUnknown else {
      return Judgement(status: .pass, summary: "no sign of a container")
    }
    // Which changes nothing where things could be tried out.
    return Judgement(
      status: .unknown, summary: "no sign of a container so far",
      explanation: Explanation(
        cause: "\(error); it might name one",
        remedies: [.asRoot]),
      severity: findings.couldProbe ? .optional : nil)
  }

  static let openVZ = CheckDefinition(
    id: "env.openvz", group: .host, title: "No OpenVZ", importance: .always(.recommended),
    about: "looks for /proc/vz and /proc/user_beancounters without /proc/bc",
    why: "an OpenVZ or Virtuozzo container has its node's kernel, old and shared, and mostly no "
      + "IPsec",
    advice: "move to a virtual machine (KVM, Xen) or another provider", related: ["env.container"]
  ) { findings in
    let environment = findings.environment
    guard environment.isRunning else { return findings.notRunning }
    guard let container = environment.container, container.kind.isClosed else {
      return Judgement(status: .pass, summary: "no sign of it")
    }
    return Judgement(
      status: .fail, summary: findings.titleOfOpenVZ(container.kind), evidence: container.evidence,
      explanation: Explanation(
        cause: "the kernel is the node's, and nothing can be loaded into it from here",
        remedies: [Remedy(container.kind.advice)]))
  }

  static let gVisor = CheckDefinition(
    id: "env.gvisor", group: .host, title: "A real Linux kernel", importance: .always(.recommended),
    about: "looks for the one build date that gVisor gives in /proc/version",
    why: "gVisor (runsc, some serverless platforms) answers system calls itself and has no XFRM",
    advice: "use a virtual machine, or another runtime", related: ["env.wsl", "xfrm.netlink"]
  ) { findings in
    guard findings.environment.isRunning else { return findings.notRunning }
    guard let imitation = findings.environment.imitation, imitation.isGVisor else {
      return Judgement(status: .pass, summary: "no sign of gVisor")
    }
    return Judgement(imitation)
  }

  static let windows = CheckDefinition(
    id: "env.wsl", group: .host, title: "Not under Windows", importance: .always(.recommended),
    about: "looks for Microsoft in the kernel's release, and for /run/WSL",
    why: "WSL 1 has no Linux kernel; WSL 2 has Microsoft's, which has ESP but not all of IPsec",
    advice: "WSL 2 instead of 1; a kernel of one's own, or a virtual machine",
    related: ["env.gvisor", "env.provider-kernel"]
  ) { findings in
    guard findings.environment.isRunning else { return findings.notRunning }
    guard let imitation = findings.environment.imitation, !imitation.isGVisor else {
      return Judgement(status: .pass, summary: "no sign of WSL")
    }
    return Judgement(imitation)
  }

  static let virtualMachine = CheckDefinition(
    id: "env.vm", group: .host, title: "Virtual machine", importance: .always(.optional),
    about: "reads what the firmware, the processor and systemd-detect-virt say of the machine",
    why: "a virtual machine has a kernel of its own, and IPsec works as on any other",
    advice: "none is needed", related: ["env.firecracker", "env.container"]
  ) { findings in
    switch findings.environment.machine {
    case .virtual(let name, let evidence):
      Judgement(status: .pass, summary: name, evidence: [evidence])
    case .physical:
      Judgement(status: .pass, summary: "no sign of one")
    case .unknown:
      Judgement(
        status: .unknown, summary: "the files do not tell",
        explanation: Explanation(
          cause: "there is neither /proc/cpuinfo nor /sys/class/dmi/id to tell from"))
    }
  }

  static let firecracker = CheckDefinition(
    id: "env.firecracker", group: .host, title: "Not a bare micro-VM's kernel",
    importance: .always(.recommended),
    about: "looks for -fc in the kernel's release, and for how Firecracker boots a kernel",
    why: "the kernels that Firecracker's makers give away have the XFRM interface but neither ESP "
      + "nor AES-GCM, and load no modules",
    advice: "whoever runs the micro-VM has to build its kernel with INET_ESP, INET6_ESP and "
      + "CRYPTO_GCM", related: ["env.vm", "xfrm.esp4.gcm"]
  ) { findings in
    let evidence = findings.environment.microVM
    guard findings.environment.isRunning else { return findings.notRunning }
    guard !evidence.isEmpty else { return Judgement(status: .pass, summary: "no sign of one") }
    guard findings.espWorks != true else {
      return Judgement(
        status: .pass, summary: "a micro-VM's, and it has ESP", evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: "a micro-VM's (Firecracker)", evidence: evidence,
      explanation: Explanation(
        cause: "stock kernels for Firecracker have no ESP",
        remedies: [
          Remedy(
            "have whoever runs the micro-VM build its kernel with CONFIG_INET_ESP, "
              + "CONFIG_INET6_ESP and CONFIG_CRYPTO_GCM, or use an ordinary virtual machine")
        ]))
  }

  static let kernelOrigin = CheckDefinition(
    id: "env.provider-kernel", group: .host, title: "Kernel's origin",
    importance: .always(.recommended),
    about: "looks for a provider's or flavour's name in the kernel's release",
    why:
      "kernels of providers, and small ones of distributions, lack parts of IPsec or its modules",
    advice: "boot the distribution's general kernel", related: ["env.kernel-version"]
  ) { findings in
    guard findings.environment.knowsKernel else { return findings.notRunning }
    let evidence = [Evidence("uname -r", findings.host.kernelRelease)]
    guard let kernel = findings.environment.kernel else {
      return Judgement(
        status: .pass, summary: "no provider's in the release", evidence: evidence)
    }
    // Without an answer of the kernel's, only a provider's is suspect.
    if findings.espWorks ?? kernel.isDistributions {
      return Judgement(status: .pass, summary: kernel.title, evidence: evidence)
    }
    return Judgement(
      status: .fail, summary: kernel.title, evidence: evidence,
      explanation: Explanation(cause: kernel.meaning, remedies: [Remedy(kernel.advice)]))
  }
}

extension Findings {
  /// `OpenVZ 6`: the release tells the version, unless it is a made-up one.
  fileprivate func titleOfOpenVZ(_ kind: Container.Kind) -> String {
    let release = host.kernelRelease
    if release.contains("stab") { return "\(kind.title) 6" }
    let version = release.firstRange(of: "vz").map { release[$0.upperBound...] }?.first
    return version.flatMap { $0.isNumber ? "\(kind.title) \($0)" : nil } ?? kind.title
  }
}

extension Judgement {
  /// A warning: should the kernel do what it is asked for, it proves otherwise.
  fileprivate init(_ imitation: Imitation) {
    self.init(
      status: .fail, summary: imitation.title, evidence: [imitation.evidence],
      explanation: Explanation(cause: imitation.meaning, remedies: [imitation.remedy]))
  }
}
