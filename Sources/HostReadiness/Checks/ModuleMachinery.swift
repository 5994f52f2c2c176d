extension CheckDefinition {
  /// What a host needs to have modules at all.
  static let moduleMachinery: [CheckDefinition] = [
    moduleSupport, moduleDirectory, staleModules, moduleTool, modulesDisabled, autoload,
    modprobePolicy, commandLine, signedModules, extraPackage, configurationSource, bootModules,
    loadedModules,
  ]

  private static let moduleSupport = CheckDefinition(
    id: "mod.support", group: .modules, title: "Kernel with modules",
    importance: .always(.optional),
    about: "looks for /proc/modules, which only a kernel that can load modules has",
    why: "a kernel without modules has what is built in and will never have more",
    advice: "what is missing takes another kernel", related: ["mod.dir"]
  ) { findings in
    switch findings.modules.isModular {
    case true?:
      let count = findings.modules.loaded?.modules.count ?? 0
      return Judgement(
        status: .pass, summary: "\(count) loaded",
        evidence: [Evidence("/proc/modules", "lists \(count) modules")])
    case false?:
      return Judgement(
        status: .absent, summary: "no: only what is built in",
        evidence: [Evidence("/proc/modules", "is not there")],
        explanation: Explanation(cause: "this kernel was built without CONFIG_MODULES"))
    case nil:
      return Judgement(
        status: .unknown, summary: "not known",
        explanation: Explanation(cause: "there is no /proc that would tell"))
    }
  }

  private static let moduleDirectory = CheckDefinition(
    id: "mod.dir", group: .modules, title: "Files of the kernel's modules",
    importance: .always(.recommended),
    about: "looks for modules.dep of the running kernel below /lib/modules and /usr/lib/modules",
    why: "without it nothing can be loaded; containers have no such directory of their own, and "
      + "providers' kernels often come without",
    advice: "install the modules of the running kernel, reboot into the one that is installed, or "
      + "load modules outside of the container", related: ["mod.stale", "mod.support"]
  ) { findings in
    let index = findings.modules.index
    guard findings.modules.isModular != false else { return .withoutModules }
    guard !index.exists || index.files == nil else {
      return Judgement(
        status: .pass, summary: "\(index.files?.count ?? 0) modules",
        evidence: [Evidence(index.dependencies, "lists \(index.files?.count ?? 0) files")])
    }
    return (findings.espWorks == true).softened(
      Judgement(
        status: .fail, summary: index.exists ? "no list of modules" : "missing",
        evidence: [
          Evidence(index.exists ? index.dependencies : index.directory, "does not exist")
        ], explanation: findings.explainDirectory()))
  }

  private static let staleModules = CheckDefinition(
    id: "mod.stale", group: .modules, title: "Modules of the running kernel",
    importance: .always(.recommended),
    about: "compares the releases below /lib/modules with the running kernel's",
    why: "after an upgrade that took the running kernel's modules away, nothing can be loaded "
      + "until the next boot",
    advice: "reboot", related: ["mod.dir"]
  ) { findings in
    let index = findings.modules.index
    let evidence = [
      Evidence(
        ModuleIndex.homes[0],
        "has \(((index.exists ? [findings.host.kernelRelease] : []) + index.otherReleases).asList)")
    ]
    guard !index.exists, let other = index.otherReleases.last else {
      return Judgement(
        status: .pass,
        summary: index.exists ? "match the kernel" : "no other kernel's in their place",
        evidence: index.exists ? evidence : [])
    }
    return (findings.espWorks == true).softened(
      Judgement(
        status: .fail, summary: "of another kernel", evidence: evidence,
        explanation: Explanation(
          cause: "the running kernel is \(findings.host.kernelRelease), and the modules here are "
            + "those of \(other)", remedies: findings.explainDirectory().remedies)))
  }

  private static let moduleTool = CheckDefinition(
    id: "mod.tool", group: .modules, title: "modprobe", importance: .always(.recommended),
    about: "looks for modprobe where systems keep it",
    why: "the kernel and `xfrmctl check --load` load modules through it",
    advice: "install kmod", related: ["mod.autoload"]
  ) { findings in
    guard findings.modules.isModular != false else { return .withoutModules }
    guard let tool = findings.modules.tool else {
      guard !findings.modules.filesAreElsewhere else {
        return Judgement(
          status: .absent, summary: "the machine's, not seen here",
          explanation: Explanation(
            cause: "there is none in the container; the kernel starts that of the machine"),
          severity: .optional)
      }
      return (findings.espWorks == true).softened(
        Judgement(
          status: .fail, summary: "missing",
          explanation: Explanation(
            cause: "there is no modprobe, without which modules cannot be loaded",
            remedies: [findings.host.installing("kmod")])))
    }
    return Judgement(
      status: .pass, summary: tool.path + (tool.implementation.map { " (\($0))" } ?? ""),
      evidence: [Evidence(tool.path, "is there")])
  }
}

extension Judgement {
  /// What stands in nobody's way on a kernel that loads nothing.
  static let withoutModules = Judgement(
    status: .pass, summary: "not needed: nothing can be loaded")
}

extension Bool {
  /// A judgement that matters less if this is so, as on a host that does all that it should.
  func softened(_ judgement: Judgement) -> Judgement {
    guard self else { return judgement }
    var judgement = judgement
    judgement.severity = .optional
    if judgement.status == .fail { judgement.status = .absent }
    return judgement
  }
}
