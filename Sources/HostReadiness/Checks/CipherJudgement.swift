internal import XFRMKit

extension Findings {
  /// This explains what probes say: where they show that the parts are there, or that they are of
  /// no use yet, it changes no verdict.
  func judgeTemplates() -> Judgement {
    let usual: [CheckID] = ["xfrm.esp4.gcm", "xfrm.esp4.cbc-sha2"]
    if usual.allSatisfy({ probes[$0].outcome.works }) {
      return Judgement(status: .pass, summary: "there, as the probes show")
    }
    let conditions = KernelModule.templates.map(condition)
    let isStopped = modules.autoload.isStopped
    let absent = conditions.filter {
      !$0.state.isPresent && (isStopped || !$0.state.mayBeLoaded)
    }
    guard !absent.isEmpty else {
      return Judgement(
        status: .pass, summary: "there, or on disk", evidence: conditions.flatMap(\.evidence))
    }
    let isKnown = absent.contains { $0.state != .unknown }
    let lack = absent.allSatisfy(\.state.mayBeLoaded) ? "not loaded" : "missing"
    var judgement = Judgement(
      status: isKnown ? .fail : .unknown,
      summary: isKnown
        ? "\(absent.count) of \(conditions.count) \(lack)" : "the files do not tell",
      evidence: absent.flatMap(\.evidence), explanation: explain(absent.map(\.module)))
    let esp = probes["xfrm.esp4"].outcome
    if case .noProtocol = esp.denial?.cause {
      // A kernel with ESP brings them along.
      judgement.status = isKnown ? .absent : .unknown
      judgement.severity = .optional
      judgement.explanation.remedies = []
    }
    return esp.works.softened(judgement)
  }

  func judgeCipher(_ kind: SAKind, _ id: CheckID) -> Judgement {
    judge(id) { error in
      guard case .noProtocol = error.cause else { return judge(kind, denied: error) }
      return Judgement(
        status: .unknown, summary: "takes ESP to tell", evidence: [error.evidence],
        explanation: Explanation(cause: "the kernel has no ESP to use the algorithms"))
    }
  }

  func judgeAcceleration() -> Judgement {
    guard let choice = ipsec.drivers.ipsec else {
      return Judgement(
        status: .unknown, summary: "no SA has used AES yet",
        explanation: Explanation(cause: "/proc/crypto does not list what no SA has used"))
    }
    let evidence = [Evidence("/proc/crypto", "\(choice.algorithm) by \(choice.driver)")]
    guard !choice.isAccelerated else {
      return Judgement(status: .pass, summary: "used", evidence: evidence)
    }
    let explanation: Explanation =
      switch ipsec.drivers.processorHasAES {
      case true:
        Explanation(
          cause: "the processor has them, and \(choice.driver) does not use them",
          remedies: [Remedy("load the processor's AES module, such as aesni_intel")])
      case false: Explanation(cause: "the processor has none, or the virtual machine hides them")
      case nil: Explanation(cause: "\(choice.driver) uses none")
      }
    return Judgement(
      status: .fail, summary: "not used: AES is slow", evidence: evidence,
      explanation: explanation)
  }
}
