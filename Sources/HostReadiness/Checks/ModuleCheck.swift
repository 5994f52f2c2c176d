internal import XFRMKit

extension CheckDefinition {
  /// What the host has modules with, then each module.
  static let modules: [CheckDefinition] = moduleMachinery + KernelModule.all.map(module)

  /// Whether a module is in the running kernel. This explains what the probes say, and says what
  /// none of them can.
  static func module(_ module: KernelModule) -> CheckDefinition {
    let isIPv6 = module == .ipv6 || module == .esp6
    return CheckDefinition(
      id: module.id, group: .modules, title: "Module \(module.label)",
      importance: module.importance,
      about: "looks for \(module.name) (CONFIG_\(module.option)) in the running kernel",
      why: (module.purpose.map { "\($0); " } ?? "")
        + "it is built in, loaded, on disk, blocked, or missing",
      advice: "`modprobe \(module.request)`; where that fails, the check names what stands in the "
        + "way", explains: isIPv6 ? .esp(over: .ipv6) : nil
    ) { findings in
      var judgement = findings.judge(findings.condition(module))
      judgement.severity = judgement.severity ?? findings.severity(of: module)
      if isIPv6, findings.ipv6.isGone, judgement.status != .pass {
        judgement.severity = .optional
        judgement.explanation = findings.explainIPv6()
      }
      // What does not matter is there or not, whatever the reason.
      if judgement.severity == .optional, judgement.status == .fail { judgement.status = .absent }
      return judgement
    }
  }
}

extension Findings {
  /// What to say first of a host that lacks something for want of a module that it has on disk.
  func summary(without module: KernelModule) -> String? {
    switch condition(module).state {
    case .loadable, .onDisk: "\(module.name) is not loaded"
    case .blocked: "\(module.name) is blocked"
    case .builtIn, .loaded, .missing, .unknown: nil
    }
  }

  /// How much a module matters on this host.
  fileprivate func severity(of module: KernelModule) -> Check.Severity? {
    // A user's own rule is not softened.
    let hasRule = profile.rules.contains { module.id.fits($0.pattern) }
    let matters = profile.severity(of: .module(module))
    guard !hasRule, matters == .required else { return matters }
    // Where the kernel has been asked, its answers decide. What it would load on the machine that a
    // container is on, the container's files do not tell; what it was built without, they do.
    let isUntold =
      modules.filesAreElsewhere && modules.configuration?[module.option] != .notSet
    return kernelWasAsked(about: module) || isUntold ? .recommended : matters
  }

  fileprivate func judge(_ condition: ModuleCondition) -> Judgement {
    let module = condition.module
    var judgement = Judgement(status: .pass, summary: "", evidence: condition.evidence)
    switch condition.state {
    case .builtIn:
      judgement.summary = "built in" + condition.stead
    case .loaded:
      judgement.summary =
        (modulesLoaded.contains(module.name) ? "loaded just now" : "loaded") + condition.stead
      if let block = condition.block, block.kind != .blacklist, condition.provider == nil {
        judgement.status = .fail
        judgement.summary = "loaded, but blocked from now on"
        judgement.explanation = explain(block, of: module)
      }
    case _ where use(of: module) == .used:
      judgement.summary = "there, as the probes show"
    case .loadable, .onDisk:
      judgeLoadable(module, &judgement)
    case .blocked:
      judgement.status = .fail
      judgement.summary =
        condition.block?.kind == .blacklist ? "blacklisted, not loaded" : "blocked"
      judgement.explanation = explain([module])
    case .missing:
      judgement.status = .fail
      judgement.summary = "not in this kernel"
      judgement.explanation = explain([module])
    case .unknown:
      judgement.status = use(of: module) == .missed ? .fail : .unknown
      judgement.summary =
        judgement.status == .fail ? "not in this kernel" : "the files do not tell"
      judgement.explanation = explain([module])
      if judgement.explanation.cause == nil {
        judgement.explanation.cause = "no file of this host says anything of \(module.name)"
      }
      if judgement.status == .unknown, use(of: .xfrmUser) == .missed {
        judgement.explanation.cause =
          "without xfrm_user the kernel cannot be asked for \(module.name); "
          + (judgement.explanation.cause ?? "")
      }
    }
    return judgement
  }

  private func judgeLoadable(_ module: KernelModule, _ judgement: inout Judgement) {
    judgement.summary = "on disk, not loaded" + (mayBeBlocked == nil ? "" : ", perhaps blocked")
    if modules.autoload.isDisabled {
      judgement.status = .fail
      judgement.summary = "on disk, cannot be loaded any more"
      judgement.explanation = explain([module])
    } else if modules.autoload.obstacle != nil {
      // Whoever needs it gets it only if somebody loads it by name.
      judgement.status = .fail
      judgement.explanation = explain([module])
    } else if use(of: module) == .missed || module == .ipv6 && kernelWasAsked(about: .esp6) {
      judgement.status = .fail
      judgement.explanation = explain([module])
    } else if isAsked(for: module), profile.severity(of: .module(module)) != .optional {
      judgement.status = .unknown
      judgement.explanation.cause =
        "the kernel loads \(module.name) when it is first needed, if nothing prevents that"
        + (mayBeBlocked.map { "; \($0)" } ?? "")
    } else {
      judgement.status = .absent
      judgement.severity = .optional
      judgement.explanation.cause = "nothing has needed \(module.name) since the last boot"
    }
  }

  /// Whether a check that is done asks the kernel for something that takes a module, or would if the
  /// kernel were asked anything.
  private func isAsked(for module: KernelModule) -> Bool {
    module == .xfrmUser || module == .ipv6
      || checks(of: module).contains { probes.probes[$0] != nil }
      || !kernelWasAsked(about: .esp4)
  }
}

extension ModuleCondition {
  /// ` as aesni_intel`
  fileprivate var stead: String { provider.map { ", as \($0)" } ?? "" }
}
