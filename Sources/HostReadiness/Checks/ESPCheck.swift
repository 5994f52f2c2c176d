internal import XFRMKit

extension CheckDefinition {
  /// Whether the kernel does ESP of a kind.
  static func esp(_ variant: ESPVariant) -> CheckDefinition {
    CheckDefinition(
      id: variant.id, group: .protocols, title: "ESP over \(variant.family): \(variant.title)",
      importance: .always(.required),
      about:
        "adds an ESP SA over \(variant.family) with \(variant.title), reads it back and deletes "
        + "it, in a private network namespace",
      why: "nothing but such an SA proves that the kernel can: policies, SPIs and sockets are "
        + "granted without \(variant.module.name), too; either that or an algorithm is missing",
      advice: "`xfrmctl check --load`; what is blocked or missing is named by the check",
      related: [CheckID(rawValue: "mod.\(variant.module.name)")], dependsOn: [netlink.id],
      probe: KernelProbe { variant.probe(&$0.xfrm) }
    ) { $0.judge(variant) }
  }
}

extension Findings {
  fileprivate func judge(_ variant: ESPVariant) -> Judgement {
    switch probes[variant.id].outcome {
    case .works(let request):
      return Judgement(
        status: .pass, summary: "works" + how(variant.module),
        evidence: [Evidence(request, "added, read back as asked and deleted")])
    case .different(let request, let difference):
      return Judgement(
        status: .fail, summary: "kernel makes something else of it",
        evidence: [Evidence(request, difference)],
        explanation: Explanation(
          cause: "the kernel accepted the SA and has it with \(difference)"))
    case .refused(let error) where error.isAboutTheKernel:
      return judge(variant, denied: error)
    case .refused(let error):
      return Judgement(
        status: .unknown, summary: "could not be asked", evidence: [error.evidence],
        explanation: explain(undecided: error))
    case .notRun(.noNamespace(let error)):
      return Judgement(
        status: .unknown, summary: "no private namespace to probe in",
        evidence: [error.evidence("make a network namespace")],
        explanation: explain(noNamespace: error))
    case .notRun(.mightLoadModules):
      return .mightLoadModules
    case .notRun(.unwanted), .notRun(.noInterface):
      return .notAsked
    }
  }

  private func judge(_ variant: ESPVariant, denied error: XFRMError) -> Judgement {
    if variant.family == .ipv6, ipv6 != .active, ipv6 != .unknown {
      return Judgement(
        status: ipv6.isGone ? .absent : .fail,
        summary: ipv6 == .notLoaded ? "ipv6 is not loaded" : "this kernel does without IPv6",
        evidence: [error.evidence] + condition(.ipv6).evidence,
        explanation: explainIPv6(), severity: ipv6.isGone ? .recommended : nil)
    }
    let parts = suspects(variant, error)
    let isWhole = parts.allSatisfy { condition($0).state.isPresent }
    return Judgement(
      status: .fail, summary: summary(variant, error),
      evidence: [error.evidence] + (isWhole ? [] : parts.flatMap { condition($0).evidence }),
      explanation: explain(parts, after: error))
  }

  private func summary(_ variant: ESPVariant, _ error: XFRMError) -> String {
    switch error.cause {
    case .noProtocol:
      summary(without: variant.module) ?? "kernel has no ESP for \(variant.family)"
    case .noAlgorithm(let name): "kernel lacks \(name)"
    case .algorithmIncomplete: "a part of the algorithms is missing"
    default: "kernel refuses it" + (error.errnoName.map { " (\($0))" } ?? "")
    }
  }

  /// The modules whose absence may be behind a refusal: the one that the refusal is about, then
  /// what the kernel, which stops at the first, would have missed next.
  private func suspects(_ variant: ESPVariant, _ error: XFRMError) -> [KernelModule] {
    switch error.cause {
    case .noProtocol:
      return [variant.module]
    case .noAlgorithm(let name):
      let absent = variant.modules(of: name).filter { !condition($0).state.isPresent }
      // What the name says takes what it is composed of along.
      let named = absent.filter { name.contains($0.algorithm) }
      return (named.isEmpty ? absent : named)
        + [variant.module].filter { condition($0).state == .missing }
    case .algorithmIncomplete:
      return variant.parts.filter { !condition($0).state.isPresent }
    default:
      return []
    }
  }

  /// How the kernel comes by a module: ` (esp4 loaded just now)`
  private func how(_ module: KernelModule) -> String {
    switch condition(module).state {
    case .builtIn: " (\(module.name) built in)"
    case .loaded where modulesLoaded.contains(module.name): " (\(module.name) loaded just now)"
    case .loaded: " (\(module.name) loaded)"
    default: ""
    }
  }
}
