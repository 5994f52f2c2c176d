extension CheckDefinition {
  static let modulesDisabled = CheckDefinition(
    id: "mod.disabled", group: .modules, title: "Loading modules allowed",
    importance: .always(.recommended), about: "reads kernel.modules_disabled",
    why: "once it is 1 nothing can be loaded until the next boot, by nobody",
    advice: "list the modules in /etc/modules-load.d, which is read before hardening sets it, and "
      + "reboot", related: ["mod.persist"]
  ) { findings in
    guard findings.modules.isModular != false else { return .withoutModules }
    guard findings.modules.autoload.isDisabled else {
      return Judgement(status: .pass, summary: "yes")
    }
    return (findings.espWorks == true).softened(
      Judgement(
        status: .fail, summary: "no, until the next boot",
        evidence: [Evidence("/proc/sys/kernel/modules_disabled", "1")],
        explanation: Explanation(
          cause: "kernel.modules_disabled is 1, so nothing can be loaded until the next boot",
          remedies: findings.absent.isEmpty ? [] : [Remedy(.loadAtBoot, findings.absent)])))
  }

  static let autoload = CheckDefinition(
    id: "mod.autoload", group: .modules, title: "Kernel loads what it needs",
    importance: .always(.recommended),
    about: "reads kernel.modprobe and looks for the program that it names",
    why: "nobody else loads what an SA takes: charon asks for none, and esp4 brings no algorithm",
    advice: "`sysctl kernel.modprobe=/sbin/modprobe`, or load modules by name at each boot",
    related: ["mod.tool", "mod.persist"]
  ) { findings in
    let autoload = findings.modules.autoload
    guard findings.modules.isModular != false else { return .withoutModules }
    guard let program = autoload.program else {
      return Judgement(
        status: .unknown, summary: "not known",
        explanation: Explanation(cause: "there is no /proc/sys/kernel/modprobe that would tell"),
        severity: .optional)
    }
    let evidence = [Evidence("/proc/sys/kernel/modprobe", program.isEmpty ? "empty" : program)]
    guard let obstacle = autoload.obstacle else {
      return Judgement(status: .pass, summary: "through \(program)", evidence: evidence)
    }
    return (findings.espWorks == true).softened(
      Judgement(
        status: .fail, summary: autoload.isTurnedOff ? "turned off" : "its program is missing",
        evidence: evidence,
        explanation: Explanation(
          cause: obstacle,
          remedies: [
            autoload.isTurnedOff ? .letKernelLoad : findings.host.installing("kmod")
          ])))
  }

  static let modprobePolicy = CheckDefinition(
    id: "mod.policy", group: .modules, title: "modprobe.d", importance: .always(.recommended),
    about: "reads install, blacklist and alias lines about needed modules in all modprobe.d",
    why: "such a line keeps a module out of a kernel that has it; vendors shipped many against "
      + "Dirty Frag (CVE-2026-43284)",
    advice: "find out who wants it; update the kernel first, then remove the line",
    related: ["mod.cmdline", "mod.esp4"]
  ) { findings in
    findings.judgeBlocks("modprobe.d", findings.modules.policy.unreadable) { modules, module in
      modules.policy.block(of: module)
    }
  }

  static let commandLine = CheckDefinition(
    id: "mod.cmdline", group: .modules, title: "Kernel command line",
    importance: .always(.recommended),
    about: "looks for needed modules in module_blacklist and modprobe.blacklist",
    why: "the kernel refuses modules of module_blacklist even to root, and does not load those of "
      + "modprobe.blacklist by itself",
    advice: "take them off the boot loader's configuration and reboot", related: ["mod.policy"]
  ) { findings in
    findings.judgeBlocks("the kernel command line", []) { modules, module in
      modules.commandLine.block(of: module.name)
    }
  }

  static let signedModules = CheckDefinition(
    id: "mod.sigenforce", group: .modules, title: "Unsigned modules",
    importance: .always(.optional),
    about: "reads sig_enforce, lockdown and CONFIG_MODULE_SIG_FORCE",
    why: "then modules are refused that were built by hand or for another kernel: “Key was "
      + "rejected by service”",
    advice: "use the distribution's own modules, which are signed"
  ) { findings in
    guard findings.modules.isModular != false else { return .withoutModules }
    let signing = findings.modules.signing
    switch signing.isEnforced {
    case true?:
      return Judgement(
        status: .absent, summary: "not taken", evidence: signing.evidence,
        explanation: Explanation(cause: "this kernel takes signed modules only"))
    case false?:
      return Judgement(status: .pass, summary: "taken", evidence: signing.evidence)
    case nil:
      return Judgement(
        status: .unknown, summary: "not known",
        explanation: Explanation(cause: "no file of the kernel tells whether it takes them"))
    }
  }
}

extension Remedy {
  static let letKernelLoad = Remedy(
    "let the kernel load modules, unless somebody has turned that off on purpose",
    command: "sysctl kernel.modprobe=/sbin/modprobe")
}

extension Findings {
  /// The modules that the use of the host calls for.
  var wanted: [KernelModule] {
    KernelModule.all.filter { module in
      profile.severity(of: CheckDefinition.module(module)).map { $0 != .optional } ?? false
    }
  }

  /// Those of them that are not in the running kernel.
  var absent: [KernelModule] {
    wanted.filter { !condition($0).state.isPresent && use(of: $0) != .used }
  }

  /// Whether something keeps wanted modules out, now or after the next boot.
  fileprivate func judgeBlocks(
    _ place: String, _ unreadable: [FileError],
    _ find: (ModuleInventory, KernelModule) -> ModuleBlock?
  ) -> Judgement {
    var blocked = KernelModule.all.compactMap { module in
      // What is built in does not have to be loaded.
      condition(module).state == .builtIn || profile.severity(of: .module(module)) == nil
        ? nil : find(modules, module).map { (module: module, block: $0) }
    }
    // What can be done without is told of along with what cannot.
    if !blocked.contains(where: { wanted.contains($0.module) }) { blocked = [] }
    let evidence = blocked.map { Evidence($0.block.location, $0.block.text) }
    guard let first = blocked.first(where: { wanted.contains($0.module) }) else {
      guard let error = unreadable.first else {
        return Judgement(status: .pass, summary: "nothing against needed modules")
      }
      return Judgement(
        status: .unknown, summary: "not all of it could be read",
        explanation: Explanation(cause: "\(error)"))
    }
    let names = blocked.map(\.module.label)
    var explanation = explain(first.block, of: first.module)
    if names.count > 1, let cause = explanation.cause {
      explanation.cause = "\(names.asList) are kept out by \(place): \(cause)"
    }
    return Judgement(
      status: .fail,
      summary: names.count > 2 ? "blocks \(names.count) modules" : "blocks \(names.asList)",
      evidence: evidence, explanation: explanation)
  }
}
