internal import XFRMKit

/// What the probes tell about a module.
enum ModuleUse {
  /// Something worked that takes it.
  case used
  /// The kernel refused something for want of it.
  case missed
  case notKnown
}

extension Findings {
  func use(of module: KernelModule) -> ModuleUse {
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
      if proof(of: module) != nil { return .used }
      let isMissed =
        CheckDefinition.all.contains {
          $0.kind?.module == module && probes[$0.id].outcome.lacksProtocol
        }
        || module.provenBy.contains { id in
          // The kernel looks for algorithms first: one that it missed would have been named.
          let outcome = probes[id].outcome
          return outcome.denial != nil && !(module.isAlgorithm && outcome.lacksProtocol)
        }
      return isMissed ? .missed : .notKnown
    }
  }

  /// The first check whose probe worked and could not have without a module.
  func proof(of module: KernelModule) -> CheckID? {
    if module == .xfrmUser { return use(of: module) == .used ? CheckDefinition.netlink.id : nil }
    return checks(of: module).first { probes[$0].outcome.works }
  }

  /// The checks that a module is needed for, among those whose probes were to be put.
  func checks(of module: KernelModule) -> [CheckID] {
    if module == .xfrmUser { return [CheckDefinition.netlink.id] }
    let sought = module == .ipv6 ? .esp6 : module
    let kinds = CheckDefinition.all.filter { $0.kind?.modules.contains(sought) == true }
    return kinds.map(\.id) + module.provenBy
  }

  /// Whether the kernel has answered something that decides about a module, whatever the answer.
  func kernelWasAsked(about module: KernelModule) -> Bool {
    guard module != .xfrmUser else { return use(of: module) != .notKnown }
    return CheckID.esp.contains { probes[$0].outcome.isAnswer }
  }
}

extension ProbeOutcome {
  fileprivate var isAnswer: Bool {
    switch self {
    case .works, .different: true
    case .refused: denial != nil
    case .notRun: false
    }
  }

  fileprivate var lacksProtocol: Bool {
    if case .noProtocol = denial?.cause { return true }
    return denial?.cause == .noIPv6
  }
}
