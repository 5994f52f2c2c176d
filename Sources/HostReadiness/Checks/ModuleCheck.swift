internal import XFRMKit

extension CheckDefinition {
  /// Whether a module is in the running kernel. This explains what the probes say, and says what
  /// none of them can.
  static func module(_ module: KernelModule) -> CheckDefinition {
    CheckDefinition(
      id: CheckID(rawValue: "mod.\(module.name)"), group: .modules, title: "Module \(module.name)",
      importance: .always(module == .afKey ? .optional : .recommended),
      about: "looks for \(module.name) (CONFIG_\(module.option)) in the running kernel",
      why: (module.purpose.map { "\($0); " } ?? "")
        + "it is built in, loaded, on disk, blocked by modprobe.d, or missing",
      advice: "`modprobe \(module.name)`; where that fails, the check names what stands in the way"
    ) { findings in
      var judgement = findings.judge(findings.condition(module))
      let isForIPv6 = module == .ipv6 || module == .esp6
      if isForIPv6, findings.ipv6.isGone { judgement.severity = .optional }
      let isOptional = module == .afKey || judgement.severity == .optional
      if judgement.status == .fail, isOptional { judgement.status = .absent }
      if judgement.status != .pass, isForIPv6, findings.ipv6.isGone {
        judgement.explanation = findings.explainIPv6()
      }
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

  fileprivate func judge(_ condition: ModuleCondition) -> Judgement {
    let module = condition.module
    var judgement = Judgement(status: .pass, summary: "", evidence: condition.evidence)
    switch condition.state {
    case .builtIn:
      judgement.summary = "built in"
    case .loaded:
      judgement.summary = modulesLoaded.contains(module.name) ? "loaded just now" : "loaded"
      if let block = condition.block, block.kind != .blacklist {
        judgement.status = .fail
        judgement.summary = "loaded, but blocked from now on"
        judgement.explanation = explain(block, of: module)
      }
    case _ where use(of: module) == .used:
      judgement.summary = "there, as the probes show"
    case .loadable, .onDisk:
      judgement.summary = "on disk, not loaded" + (mayBeBlocked == nil ? "" : ", perhaps blocked")
      if module == .afKey || module == .ipv6 || use(of: module) == .missed {
        judgement.status = .fail
        judgement.explanation = explain([module])
      } else {
        judgement.status = .unknown
        judgement.explanation.cause =
          "the kernel loads \(module.name) when it is first needed, if nothing prevents that"
          + (mayBeBlocked.map { "; \($0)" } ?? "")
      }
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
    }
    return judgement
  }

  /// What the probes tell about a module.
  private enum Use {
    case used
    case missed
    case notKnown
  }

  private func use(of module: KernelModule) -> Use {
    switch module {
    case .xfrmUser:
      switch probes.interface.outcome {
      case .refused(let error) where error.cause == .noNetlinkInterface: return .missed
      case .works, .refused: return .used
      case .different, .notRun: return .notKnown
      }
    case .ipv6:
      return ipv6 == .active ? .used : use(of: .esp6)
    default:
      let outcomes = CheckDefinition.all.filter { $0.kind?.module == module }
        .map { probes[$0.id].outcome }
      if outcomes.contains(where: \.works) { return .used }
      let isMissed = outcomes.contains { outcome in
        if case .noProtocol = outcome.denial?.cause {
          true
        } else {
          outcome.denial?.cause == .noIPv6
        }
      }
      return isMissed ? .missed : .notKnown
    }
  }
}

extension KernelModule {
  /// What goes wrong without it.
  fileprivate var purpose: String? {
    switch self {
    case .xfrmUser: "without it programs cannot talk to the kernel's IPsec"
    case .ipv6: "without it there is no IPv6, and the kernel does not even look for esp6"
    case .esp4: "without it there is no ESP over IPv4"
    case .esp6: "without it there is no ESP over IPv6"
    case .afKey:
      "few programs still use it, but units such as Algo's name /proc/net/pfkey, and do not start "
        + "without"
    default: nil
    }
  }
}
