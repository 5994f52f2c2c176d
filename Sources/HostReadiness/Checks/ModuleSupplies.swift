extension CheckDefinition {
  static let extraPackage = CheckDefinition(
    id: "mod.extra-package", group: .modules, title: "All needed modules installed",
    importance: .always(.recommended),
    about: "looks for the files of needed modules that are neither loaded nor built in",
    why: "distributions split a kernel's modules into packages, of which minimal and cloud images "
      + "have only the first",
    advice: "`apt install linux-modules-extra-$(uname -r)` on Ubuntu, "
      + "`dnf install kernel-modules-extra-$(uname -r)` on Fedora and RHEL",
    related: ["mod.dir"]
  ) { findings in
    guard findings.modules.isModular != false, findings.modules.index.files != nil else {
      return Judgement(
        status: .absent, summary: "there is no list of modules",
        explanation: Explanation(
          cause: "without the kernel's list of modules nothing can be compared with it"),
        severity: .optional)
    }
    let missing = findings.absent.filter { module in
      findings.condition(module).state == .missing
        && findings.modules.configuration?[module.option] != .notSet
    }
    guard !missing.isEmpty else { return Judgement(status: .pass, summary: "yes") }
    let names = missing.map(\.label)
    return (findings.espWorks == true).softened(
      Judgement(
        status: .fail,
        summary: names.count > 2 ? "\(names.count) are missing" : "without \(names.asList)",
        evidence: missing.flatMap { findings.condition($0).evidence },
        explanation: findings.explain(missing)))
  }

  static let configurationSource = CheckDefinition(
    id: "mod.config-source", group: .modules, title: "Kernel's configuration",
    importance: .always(.optional),
    about: "looks for it in /proc, /boot, /lib/modules, /usr/lib and /usr/src",
    why: "it tells what a kernel was built with; without it the probes tell what it can do, but "
      + "less of why not",
    advice: "`modprobe configs` shows it as /proc/config.gz, where the kernel was built to"
  ) { findings in
    guard let source = findings.modules.configuration?.source else {
      return Judgement(
        status: .absent, summary: "not found",
        explanation: Explanation(
          cause: "there is none in /proc, /boot, /lib/modules, /usr/lib or /usr/src"))
    }
    return Judgement(
      status: .pass, summary: source.count > 38 ? "found" : source,
      evidence: [Evidence(source, "is there")])
  }

  static let bootModules = CheckDefinition(
    id: "mod.persist", group: .modules, title: "Loaded at boot",
    importance: Importance(
      gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .optional),
    about: "looks in modules-load.d for modules that nothing else would load",
    why: "a module that is loaded by hand is gone after the next boot, and what is blacklisted is "
      + "not loaded from such a list either",
    advice: "`xfrmctl check --load --persist`; what is blacklisted takes a unit that runs "
      + "modprobe, or the line removed", related: ["mod.autoload", "mod.policy"]
  ) { $0.judgeBoot() }

  static let loadedModules = CheckDefinition(
    id: "mod.verify", group: .modules, title: "What --load loaded", importance: .always(.optional),
    about: "looks in the kernel for each module that `--load` has loaded, and at the check that it "
      + "was needed for",
    why: "modprobe may report success and load nothing: `install esp4 /bin/true`",
    advice: "see what modprobe said, and mod.policy", related: ["mod.policy", "mod.tool"]
  ) { findings in
    let tried = findings.loadAttempts.filter { $0.outcome != .alreadyThere }
    guard !tried.isEmpty else {
      return Judgement(
        status: .absent, summary: "nothing",
        explanation: Explanation(
          cause: findings.loadAttempts.isEmpty
            ? "this is done by xfrmctl check --load" : "all was there before"))
    }
    let evidence = tried.map { attempt in
      Evidence(attempt.command ?? "modprobe \(attempt.module.request)", attempt.outcome.rawValue)
    }
    let lost = tried.filter { $0.outcome != .loaded || $0.unprovenBy != nil }
    guard let first = lost.first(where: { !$0.isThereAfterAll }) ?? lost.first else {
      return Judgement(
        status: .pass, summary: "\(tried.count) modules, all in the kernel", evidence: evidence)
    }
    let names = lost.map(\.module.label)
    let summary =
      if lost.allSatisfy(\.isThereAfterAll) {
        "\(names.count), by the kernel itself"
      } else {
        names.count > 2 ? "\(names.count) are not there" : "not \(names.asList)"
      }
    return (findings.espWorks == true).softened(
      Judgement(
        status: .fail, summary: summary, evidence: evidence,
        explanation: Explanation(
          cause: first.cause ?? "\(first.module.name) is not in the kernel",
          remedies: first.remedies), severity: .recommended))
  }
}

extension Findings {
  fileprivate func judgeBoot() -> Judgement {
    let needed = neededAtBoot
    guard !needed.isEmpty else {
      return Judgement(status: .pass, summary: "nothing needs to be")
    }
    var evidence = needed.compactMap { module in
      modules.boot.file(listing: module).map { Evidence($0, "lists \(module.name)") }
    }
    let blocked = needed.filter { condition($0).blockAtBoot != nil }
    let unlisted = needed.filter {
      modules.boot.file(listing: $0) == nil && !blocked.contains($0)
    }
    guard !(blocked + unlisted).isEmpty else {
      return Judgement(status: .pass, summary: "all that needs to be", evidence: evidence)
    }
    let blocks = blocked.compactMap { module in
      condition(module).blockAtBoot.map { (module: module, block: $0) }
    }
    evidence += blocks.map { Evidence($0.block.location, $0.block.text) }
    var explanation = Explanation(
      cause: "the kernel will not load \((unlisted + blocked).map(\.label).asList) by itself "
        + "after the next boot")
    if !unlisted.isEmpty {
      explanation.remedies.append(
        Remedy("have them loaded at each boot", command: "xfrmctl check --load --persist"))
    }
    if let first = blocks.first {
      explanation.cause? +=
        "; no list in modules-load.d helps \(blocked.map(\.label).asList): "
        + "\(first.block.location) says “\(first.block.text)”"
      explanation.remedies += explain(first.block, of: first.module).remedies
    }
    let names = (unlisted.isEmpty ? blocked : unlisted).map(\.label)
    let lack = unlisted.isEmpty ? "blocked" : "not listed"
    return Judgement(
      status: .absent,
      summary: names.count > 2 ? "\(names.count) are \(lack)" : "\(lack): \(names.asList)",
      evidence: evidence, explanation: explanation)
  }

  /// Modules that nothing would load after the next boot if nobody listed them.
  fileprivate var neededAtBoot: [KernelModule] {
    let loadsNothing = modules.autoload.isStopped
    return wanted.filter { module in
      let condition = condition(module)
      guard condition.state != .builtIn, condition.state != .missing else { return false }
      // Nothing asks the kernel for these in a way that makes it load them.
      return loadsNothing || module == .ipv6 || module == .afKey
        || condition.block?.kind == .blacklist
    }
  }
}
