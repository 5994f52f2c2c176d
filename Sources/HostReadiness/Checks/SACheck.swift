internal import XFRMKit

extension CheckDefinition {
  /// Whether the kernel does SAs of a kind.
  ///
  /// - Parameters:
  ///   - kind: What its probe adds.
  ///   - what: The same in words: `an ESP SA over IPv4 in transport mode`.
  static func association(
    _ id: CheckID, _ group: Check.Group, _ title: String, _ importance: Importance,
    _ kind: SAKind, _ what: String, why: String, advice: String = Self.loading,
    related: [CheckID] = []
  ) -> CheckDefinition {
    var definition = feature(
      id, group, title, importance,
      about: "adds \(what), reads it back and deletes it, in a private network namespace",
      why: why, advice: advice, related: related,
      probe: KernelProbe { kind.probe(&$0.xfrm) }
    ) { $0.judge(kind, id) }
    definition.kind = kind
    return definition
  }

  static let loading = "`xfrmctl check --load`; what is blocked or missing is named by the check"
}

extension Findings {
  fileprivate func judge(_ kind: SAKind, _ id: CheckID) -> Judgement {
    if let judgement = judgeFamilies(kind, id) { return judgement }
    return judge(
      id, works: "works" + how(kind.module), differs: kind.judge(difference:),
      denied: { judge(kind, denied: $0) })
  }

  /// What follows from the lack of IPv6, if anything does.
  private func judgeFamilies(_ kind: SAKind, _ id: CheckID) -> Judgement? {
    guard kind.takesIPv6 else { return nil }
    switch probes[id].outcome {
    case .works(let request) where ipv6.isGone:
      // The kernel takes policies for IPv6 all the same, and no packet will meet them.
      return judgeWithoutIPv6([Evidence(request, "done")], kind.module)
    case .refused(let error) where error.isAboutTheKernel:
      return judgeWithoutIPv6([error.evidence], kind.module)
    default: return nil
    }
  }

  func judge(_ kind: SAKind, denied error: XFRMError) -> Judgement {
    let parts = suspects(kind, error)
    let isWhole = parts.allSatisfy { condition($0).state.isPresent }
    var explanation = explain(parts, after: error)
    if isWhole, let origin = kind.origin, error.isAboutFeature {
      explanation = origin.explanation()
    }
    return Judgement(
      status: .fail, summary: summary(kind, error),
      evidence: [error.evidence] + (isWhole ? [] : parts.flatMap { condition($0).evidence }),
      explanation: explanation)
  }

  private func summary(_ kind: SAKind, _ error: XFRMError) -> String {
    switch error.cause {
    case .noProtocol:
      return summary(without: kind.module) ?? "kernel has no \(kind.proto) for \(kind.family)"
    case .noAlgorithm(let name):
      let isShort = name.count <= 25
      return "kernel lacks \(isShort ? name : kind.algorithm(name)?.title ?? "an algorithm")"
    case .algorithmIncomplete: return "a part of the algorithms is missing"
    case .noMode(let mode, _): return "kernel has no \(mode) mode"
    case .noEncapsulation(let encapsulation, let family):
      return "kernel has no \(encapsulation) over \(family)"
    default: return "kernel refuses it" + (error.errnoName.map { " (\($0))" } ?? "")
    }
  }

  /// The modules whose absence may be behind a refusal: the one that the refusal is about, then
  /// what the kernel, which stops at the first, would have missed next.
  private func suspects(_ kind: SAKind, _ error: XFRMError) -> [KernelModule] {
    switch error.cause {
    case .noProtocol:
      return [kind.module]
    case .noAlgorithm(let name):
      let absent = kind.modules(of: name).filter { !condition($0).state.isPresent }
      // What the name says takes what it is composed of along.
      let named = absent.filter { name.contains($0.algorithm) }
      return (named.isEmpty ? absent : named)
        + [kind.module].filter { condition($0).state == .missing }
    case .algorithmIncomplete(let name):
      return kind.parts(of: name).filter { !condition($0).state.isPresent }
    default:
      return kind.furtherModules.filter { !condition($0).state.isPresent }
    }
  }

  /// How the kernel comes by a module: ` (esp4 loaded just now)`
  func how(_ module: KernelModule) -> String {
    switch condition(module).state {
    case .builtIn: " (\(module.name) built in)"
    case .loaded where modulesLoaded.contains(module.name): " (\(module.name) loaded just now)"
    case .loaded: " (\(module.name) loaded)"
    default: ""
    }
  }
}

extension XFRMError {
  /// Whether the kernel had protocol and algorithms, and said no to what sets the SA apart.
  fileprivate var isAboutFeature: Bool {
    switch cause {
    case .noProtocol, .noAlgorithm, .algorithmIncomplete, .noIPv6: false
    default: true
    }
  }
}

extension SAKind {
  /// What follows if the kernel took an SA and has it otherwise.
  fileprivate func judge(difference: String) -> Judgement {
    let finding = "the kernel accepted the SA and has it with \(difference)"
    guard let origin else {
      return Judgement(
        status: .fail, summary: "kernel makes something else of it",
        explanation: Explanation(cause: finding))
    }
    return Judgement(
      status: .fail, summary: "kernel ignores it",
      explanation: origin.explanation(finding + "; "))
  }
}

extension SAKind.Origin {
  /// Why a kernel lacks what comes from here.
  fileprivate func explanation(_ finding: String = "") -> Explanation {
    let takes = option.map { " and takes CONFIG_\($0)" } ?? ""
    let with = option.map { " with CONFIG_\($0)" } ?? ""
    return Explanation(
      cause: "\(finding)such SAs came with Linux \(version)\(takes)",
      remedies: [Remedy("boot Linux \(version) or a later kernel\(with), if it is needed")])
  }
}
