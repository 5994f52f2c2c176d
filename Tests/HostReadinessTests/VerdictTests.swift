import Testing

@testable import HostReadiness

@Suite struct VerdictTests {
  private func check(_ status: Check.Status, _ severity: Check.Severity) -> Check {
    Check(
      id: "a.b", group: .protocols, title: "", status: status, severity: severity, summary: "",
      evidence: [], remedies: [], dependsOn: [], duration: .zero)
  }

  @Test(
    arguments: [
      ([.pass], [], [], Verdict.ready),
      ([.pass, .fail], [], [], .notReady),
      ([.pass, .absent], [], [], .notReady),
      ([.pass, .unknown], [], [], .unknown),
      ([.unknown, .fail], [], [], .notReady),
      ([.pass], [.fail], [], .readyWithWarnings),
      ([.pass], [.absent], [], .readyWithWarnings),
      ([.pass], [.unknown], [], .readyWithWarnings),
      ([.unknown], [.fail], [], .unknown),
      ([.pass], [.pass], [.absent, .fail, .unknown], .ready),
      ([], [.pass], [.pass], .unknown),
    ] as [([Check.Status], [Check.Status], [Check.Status], Verdict)])
  func rules(
    required: [Check.Status], recommended: [Check.Status], optional: [Check.Status],
    verdict: Verdict
  ) {
    let checks =
      required.map { check($0, .required) } + recommended.map { check($0, .recommended) }
      + optional.map { check($0, .optional) }
    #expect(Verdict(checks) == verdict)
    #expect(Verdict(checks.reversed()) == verdict)
  }

  @Test(
    arguments: [
      (.pass, .required, .passed), (.pass, .optional, .passed),
      (.fail, .required, .failed), (.fail, .recommended, .warning), (.fail, .optional, .warning),
      (.absent, .required, .failed), (.absent, .recommended, .warning),
      (.absent, .optional, .absent),
      (.unknown, .required, .unknown), (.unknown, .recommended, .unknown),
      (.unknown, .optional, .unknown),
    ] as [(Check.Status, Check.Severity, Check.Outcome)])
  func outcomes(status: Check.Status, severity: Check.Severity, outcome: Check.Outcome) {
    #expect(check(status, severity).outcome == outcome)
  }

  @Test func countsEachCheckOnce() {
    let report = report(Sample.host(), SyntheticKernel.withoutGCM, .everything)
    let counts = report.counts
    #expect(
      counts.passed + counts.warnings + counts.failed + counts.unknown + counts.absent
        == report.checks.count)
    #expect(counts.failed == report.checks.count { $0.outcome == .failed })
    #expect(counts.failed == 2)
  }
}
