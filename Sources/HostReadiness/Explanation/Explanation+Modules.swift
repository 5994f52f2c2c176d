internal import XFRMKit

extension Findings {
  /// Why a refusal that some modules' absence may be behind came about.
  func explain(_ modules: [KernelModule], after error: XFRMError) -> Explanation {
    if let obstacle = environment.obstacle { return obstacle }
    let explanation = explain(modules)
    guard explanation.cause == nil else { return explanation }
    // The files have nothing to say against the modules.
    return Explanation(cause: error.cause?.explanation ?? "\(error.failure)")
  }

  /// Why modules are not in the running kernel, and how to get them there.
  func explain(_ modules: [KernelModule]) -> Explanation {
    let absent = modules.map(condition).filter { !$0.state.isPresent }
    guard let first = absent.first else { return Explanation() }
    if let blocked = absent.first(where: { $0.block != nil }), let block = blocked.block {
      return explain(block, of: blocked.module)
    }
    switch first.state {
    case .builtIn, .loaded: return Explanation()
    case .loadable, .onDisk:
      return explainNotLoaded(absent.filter(\.state.mayBeLoaded))
    case .blocked, .missing: return explainMissing(absent.filter { $0.state == .missing })
    case .unknown: return explainUnknown(first)
    }
  }

  /// Why the modules of the running kernel are not here, and how to get them.
  func explainDirectory() -> Explanation {
    let index = modules.index
    return index.exists
      ? Explanation(
        cause: "\(index.dependencies) does not exist",
        remedies: [Remedy("make the list of modules", command: "depmod \(host.kernelRelease)")])
      : Explanation(
        cause: "\(index.directory) does not exist",
        remedies: absent.isEmpty ? [] : [moduleFiles(absent)])
  }

  /// What it means that not all of `modprobe.d` could be read, where that is so.
  var mayBeBlocked: String? {
    let paths = modules.policy.unreadable.map(\.path)
    return paths.isEmpty ? nil : "\(paths.asList), which may block it, could not be read"
  }

  /// The kernel asks for a module by itself; if it is not there then, something came in between.
  private func explainNotLoaded(_ conditions: [ModuleCondition]) -> Explanation {
    let names = conditions.map(\.module.name)
    let verb = names.count == 1 ? "is" : "are"
    var cause = "\(names.asList) \(verb) on disk but not loaded"
    if let mayBeBlocked { cause += "; \(mayBeBlocked)" }
    let load = Remedy(.load, conditions.map(\.module))
    if modules.autoload.isDisabled {
      cause += "; kernel.modules_disabled is 1, so nothing can be loaded until the next boot"
      return Explanation(
        cause: cause, remedies: [Remedy(.loadAtBoot, conditions.map(\.module))])
    }
    if let obstacle = modules.autoload.obstacle {
      cause += "; \(obstacle)"
      return Explanation(
        cause: cause,
        remedies: modules.autoload.isTurnedOff
          ? [load, .letKernelLoad] : [host.installing("kmod"), load])
    }
    return Explanation(cause: cause, remedies: [load])
  }

  private func explainMissing(_ conditions: [ModuleCondition]) -> Explanation {
    let names = conditions.map(\.module.name)
    let notBuilt = conditions.filter { modules.configuration?[$0.module.option] == .notSet }
    let it = conditions.count == 1 ? "it" : "they"
    guard notBuilt.isEmpty else {
      var clauses = notBuilt.compactMap(\.configuration)
      if modules.isModular == false {
        let reason =
          modules.configuration?["MODULES"] == .notSet
          ? "CONFIG_MODULES is not set" : "this kernel cannot load modules"
        clauses.append("\(reason), so \(it) cannot be loaded")
      }
      return Explanation(
        cause: clauses.joined(separator: "; "), remedies: [kernel(with: notBuilt.map(\.module))])
    }
    let built = conditions.compactMap(\.configuration)
    let wanted = built.isEmpty ? "" : "; this kernel was built with \(built.asList)"
    let index = modules.index
    guard index.exists else {
      return Explanation(
        cause: "\(index.directory) does not exist\(wanted)",
        remedies: [moduleFiles(conditions.map(\.module))])
    }
    return Explanation(
      cause: "no \(names.asList) below \(index.directory)\(wanted)",
      remedies: [host.reinstallingModules])
  }

  private func explainUnknown(_ condition: ModuleCondition) -> Explanation {
    let index = modules.index
    var clauses: [String] = []
    if !index.exists {
      clauses.append("\(index.directory) does not exist")
    } else if index.files == nil {
      clauses.append("\(index.dependencies) does not exist")
    }
    if modules.configuration == nil { clauses.append("the kernel's configuration was not found") }
    if modules.filesAreElsewhere, let line = condition.configuration {
      clauses.append("with \(line) the machine that the container is on may have the file")
    }
    clauses += unreadable.map(\.description)
    let remedies =
      index.exists && index.files == nil
      ? [Remedy("make the list of modules", command: "depmod \(host.kernelRelease)")]
      : index.exists ? [] : [moduleFiles([condition.module])]
    return Explanation(
      cause: clauses.isEmpty ? nil : clauses.joined(separator: "; "), remedies: remedies)
  }

  /// What keeps a module out. Such a line is somebody's decision: the remedy is to reconsider it,
  /// not to get round it.
  func explain(_ block: ModuleBlock, of module: KernelModule) -> Explanation {
    let isESP = module == .esp4 || module == .esp6
    let isMitigation = block.isMitigation && isESP
    let says =
      "\(block.location) says “\(block.text)”"
      + (isMitigation ? ", as vendors do against Dirty Frag (CVE-2026-43284), a flaw in ESP" : "")
    switch block.kind {
    case .install, .alias:
      return Explanation(
        cause: "\(module.name) is kept from being loaded: \(says)",
        remedies: [
          isMitigation
            ? Self.updateForDirtyFrag
            : Remedy(
              "find out who wants that and why: vendors disarm flaws in this way until the kernel "
                + "is updated; if nobody does any more, remove the line and load the module")
        ])
    case .blacklist:
      return Explanation(
        cause: "the kernel may not load \(module.name) by itself: \(says)",
        remedies: [
          isMitigation ? Self.updateForDirtyFrag : Remedy(.loadDespiteBlacklist, [module])
        ])
    case .commandLine:
      return Explanation(
        cause: "the kernel refuses \(module.name) until the next boot: \(says)",
        remedies: [
          Remedy(
            "find out who wants that and why; if nobody does any more, take it off the boot "
              + "loader's configuration and reboot")
        ])
    }
  }

  /// The line may go only when the flaw has.
  private static let updateForDirtyFrag = Remedy(
    "update the kernel and reboot, then remove the line if the update has not: the flaw is mended "
      + "in Linux 5.10.255, 5.15.206, 6.1.172, 6.6.138, 6.12.87, 6.18.28 and 7.0.5, and in "
      + "distributions' kernels under numbers of their own")

  /// How to come by a kernel that has what this one was built without.
  private func kernel(with parts: [KernelModule]) -> Remedy {
    kernelIsPackaged && modules.isModular != false
      ? Remedy(.installKernel(command: host.kernelCommand), parts)
      : Remedy(.bootAnotherKernel, parts)
  }

  /// How to come by the files of modules when their whole directory is missing.
  private func moduleFiles(_ wanted: [KernelModule]) -> Remedy {
    if let container = host.container {
      return Remedy(
        .loadOutside(container: container, directory: modules.index.directory), wanted)
    }
    if let other = modules.index.otherReleases.last {
      return Remedy(
        "reboot: the modules here are those of \(other), which must have replaced the running "
          + "kernel", command: "reboot")
    }
    return host.installingModules
  }
}
