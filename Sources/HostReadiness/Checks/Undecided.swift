extension Findings {
  /// What is left of a check whose probe decided nothing; `nil` if it did.
  func undecided(_ outcome: ProbeOutcome) -> Judgement? {
    switch outcome {
    case .works, .different:
      return nil
    case .refused(let error):
      guard !error.isAboutTheKernel else { return nil }
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
}

extension CheckDefinition {
  /// The same, but what is optional is absent where it does not pass, and not failed.
  var forgiving: CheckDefinition {
    var definition = self
    definition.judge = { findings in
      var judgement = judge(findings)
      let severity = judgement.severity ?? findings.profile.severity(of: self)
      if severity == .optional, judgement.status == .fail { judgement.status = .absent }
      return judgement
    }
    return definition
  }
}
