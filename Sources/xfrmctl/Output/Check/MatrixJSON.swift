import HostReadiness

/// `xfrmctl check report --format json`
struct MatrixJSON: Encodable {
  struct Host: Encodable {
    var host: CheckJSON.Host
    var profile: CheckJSON.Profile
    var startedAt: String
    var verdict: Verdict
    var firstFailure: CheckJSON.FirstFailure?
    var counts: CheckJSON.Counts
  }

  struct Row: Encodable {
    var id: String
    var group: HostReadiness.Check.Group
    var title: String
    /// Whether the hosts are not all alike in it.
    var differs: Bool
    /// In the order of the hosts: an outcome, or `not-done`.
    var outcomes: [String]
  }

  var schema = "check-report"
  var version = 1
  /// The worst first.
  var hosts: [Host]
  var checks: [Row]

  init(_ matrix: Matrix) {
    hosts = matrix.hosts.map {
      Host(
        host: $0.host, profile: $0.profile, startedAt: $0.startedAt, verdict: $0.verdict,
        firstFailure: $0.firstFailure, counts: $0.counts)
    }
    checks = matrix.rows.map { row in
      Row(
        id: row.id, group: row.group, title: row.title, differs: row.differs,
        outcomes: row.cells.map { $0?.outcome.rawValue ?? "not-done" })
    }
  }
}
