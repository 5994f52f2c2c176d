internal import XFRMKit
internal import XFRMLab

extension CheckDefinition {
  /// Whether packets go through: the data path, where all others are about what controls it.
  static let traffic: [CheckDefinition] =
    LiveTunnel.all.map(tunnel) + [AddressFamily.ipv4, .ipv6].map(longestPackets)
    + [nothingInClear] + LiveCipher.all.map(throughput)
}

extension Findings {
  /// What is to be said of packets over a family that were not sent, or `nil` if only the trial can
  /// tell.
  func untried(_ family: AddressFamily) -> Judgement? {
    if family == .ipv6, ipv6.isGone {
      return Judgement(
        status: .absent, summary: "this kernel does without IPv6", explanation: explainIPv6(),
        severity: .optional)
    }
    if let failure = traffic?.failure { return undecided(failure) }
    guard probes.grantsESP(family) else { return notSent(family) }
    return nil
  }

  /// What one attempt tells.
  ///
  /// - Parameters:
  ///   - attempt: `nil` if nothing was sent.
  ///   - family: What it was sent over.
  ///   - refused: What it comes to if the kernel grants no SA for it, in a word and in a few.
  ///   - judge: Judges the trial, if it came to one.
  func judge<Trial>(
    _ attempt: TrafficFindings.Attempt<Trial>?, over family: AddressFamily,
    refused: (status: Check.Status, summary: String), _ judge: (Trial) -> Judgement
  ) -> Judgement {
    if let judgement = untried(family) { return judgement }
    guard let attempt else { return .nothingSent }
    var judgement: Judgement
    if let denial = attempt.denial {
      judgement = Judgement(
        status: refused.status, summary: refused.summary, evidence: [denial.evidence],
        explanation: Explanation(cause: denial.cause.map(\.explanation) ?? "\(denial)"))
    } else if let obstacle = attempt.obstacle {
      judgement = undecided(obstacle)
    } else {
      judgement = attempt.trial.map(judge) ?? .nothingSent
    }
    judgement.duration = attempt.duration
    return judgement
  }

  /// What is left of a check whose packets were not sent, as no SA was granted.
  private func notSent(_ family: AddressFamily) -> Judgement {
    let id = CheckID.esp(over: family)
    return switch probes[id].outcome {
    case .notRun(.noNamespace(let error)):
      Judgement(
        status: .unknown, summary: "no private namespace to try it in",
        evidence: [error.evidence("make a network namespace")],
        explanation: explain(noNamespace: error))
    case .refused(let error) where error.isAboutTheKernel:
      // It cannot matter more than the SAs that it lacks: a host may do without one family.
      Judgement(
        status: .unknown, summary: "needs \(id)", evidence: [error.evidence],
        explanation: Explanation(
          cause: "the kernel grants no SA over \(family) to send through: \(id) says why"),
        severity: CheckDefinition.all.first { $0.id == id }.flatMap(profile.severity))
    case .refused(let error):
      Judgement(
        status: .unknown, summary: "no SA to send through", evidence: [error.evidence],
        explanation: explain(undecided: error))
    default:
      .nothingSent
    }
  }

  /// What is left of a check whose network could not be set up.
  func undecided(_ error: LabError) -> Judgement {
    Judgement(
      status: .unknown, summary: "could not be tried", evidence: [error.evidence],
      explanation: explain(error))
  }
}

extension Judgement {
  /// What is left of a check whose packets were not to be sent.
  static let nothingSent = Judgement(
    status: .unknown, summary: "no packets were sent",
    explanation: Explanation(
      cause: "only packets can tell, and the running kernel was not to be asked to send any"))
}
