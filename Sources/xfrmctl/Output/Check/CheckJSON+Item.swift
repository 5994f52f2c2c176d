import HostReadiness

extension CheckJSON {
  /// A check as it came out.
  struct Item: Codable {
    struct Fact: Codable {
      var source: String
      var answer: String
      var errno: String?
      var kernelWords: String?
    }

    struct Fix: Codable {
      var text: String
      var command: String?
    }

    var id: String
    var group: HostReadiness.Check.Group
    var title: String
    var status: HostReadiness.Check.Status
    var severity: HostReadiness.Check.Severity
    /// Status and severity in one.
    var outcome: HostReadiness.Check.Outcome
    var summary: String
    var evidence: [Fact]
    var cause: String?
    var remedies: [Fix]
    var dependsOn: [String]
    var durationSeconds: Double
    /// Where the check is described.
    var docs: String
  }
}

extension CheckJSON.Item {
  init(_ check: HostReadiness.Check) {
    self.init(
      id: check.id.rawValue, group: check.group, title: check.title, status: check.status,
      severity: check.severity, outcome: check.outcome, summary: check.summary,
      evidence: check.evidence.map {
        Fact(source: $0.source, answer: $0.answer, errno: $0.errno, kernelWords: $0.kernelWords)
      },
      cause: check.cause, remedies: check.remedies.map { Fix($0) },
      dependsOn: check.dependsOn.map(\.rawValue), durationSeconds: check.duration / .seconds(1),
      docs: "docs/CHECKS.md#\(check.id)")
  }
}

extension CheckJSON.Item.Fix {
  init(_ remedy: Remedy) { self.init(text: remedy.text, command: remedy.command) }
}
