/// A check as it stands in the catalogue: everything but the host it is about.
struct CheckDefinition: Sendable {
  var id: CheckID
  var group: Check.Group
  var title: String
  var importance: Importance
  /// What it does: `reads net.ipv4.ip_forward`
  var about: String
  /// What it means if it does not pass.
  var why: String
  /// What to do then, on any host.
  var advice: String
  /// Checks that tell more about the same.
  var related: [CheckID] = []
  /// Checks without which this one cannot be carried out.
  var dependsOn: [CheckID] = []
  /// The check that it explains, and matters as much as in a user's own profile.
  var explains: CheckID?
  /// What must be asked for to have it done.
  var demand: Demand?
  /// What the kernel is asked for it, if anything.
  var probe: KernelProbe?
  /// The SAs that its probe adds, if it does.
  var kind: SAKind?
  var judge: @Sendable (Findings) -> Judgement
}

/// What takes longer than the rest, and is done only where it is asked for.
enum Demand: Hashable, Sendable {
  case traffic
  case throughput
}

/// What a check makes of the findings.
struct Judgement: Sendable {
  var status: Check.Status
  var summary: String
  var evidence: [Evidence] = []
  var explanation = Explanation()
  /// Set if it matters less on this host.
  var severity: Check.Severity?
  /// What it took to ask, the judging aside.
  var duration: Duration = .zero
}

/// Why something is as it is, and what to do about it.
struct Explanation: Hashable, Sendable {
  var cause: String?
  var remedies: [Remedy] = []
}

extension [Evidence] {
  fileprivate var withoutRepetitions: [Evidence] {
    var seen: Set<Evidence> = []
    return filter { seen.insert($0).inserted }
  }
}

extension CheckDefinition {
  /// Carries out checks in the order given, which must have each after those it depends on.
  static func run(
    _ definitions: [CheckDefinition], on findings: Findings, for profile: Profile
  ) -> [Check] {
    var checks: [Check] = []
    for definition in definitions {
      guard let severity = profile.severity(of: definition), findings.meets(definition.demand)
      else { continue }
      let clock = ContinuousClock()
      let start = clock.now
      let obstacle = checks.first { check in
        // After one that could not be decided, the check may say itself why it cannot be either.
        definition.dependsOn.contains(check.id) && check.outcome == .failed
      }
      var judgement =
        obstacle.map { definition.blocked(by: $0) } ?? definition.judge(findings)
      if definition.probe != nil { judgement.duration += findings.probes[definition.id].duration }
      checks.append(
        Check(
          id: definition.id, group: definition.group, title: definition.title,
          status: judgement.status, severity: judgement.severity ?? severity,
          summary: judgement.summary, evidence: judgement.evidence.withoutRepetitions,
          cause: judgement.explanation.cause, remedies: judgement.explanation.remedies,
          dependsOn: definition.dependsOn, duration: judgement.duration + (clock.now - start)))
    }
    return checks
  }

  private func blocked(by obstacle: Check) -> Judgement {
    Judgement(
      status: .unknown, summary: "needs \(obstacle.id)",
      explanation: Explanation(cause: "needs \(obstacle.id), which failed"))
  }
}
