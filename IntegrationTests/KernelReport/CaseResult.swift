import FoundationEssentials

/// What became of a case of the matrix on one kernel: a line of JSON in a bed's results.
package struct CaseResult: Codable, Sendable {
  package enum Verdict: String, Codable, Sendable {
    case passed
    case failed
    case skipped
  }

  package var bed: String
  /// Its version.
  package var kernel: String
  /// The row of the report.
  package var feature: String
  package var name: String
  package var verdict: Verdict
  /// Why it failed or was skipped.
  package var reason: String?
  package var milliseconds: Int

  package init(
    bed: String, kernel: String, feature: String, name: String, verdict: Verdict,
    reason: String? = nil, milliseconds: Int = 0
  ) {
    self.bed = bed
    self.kernel = kernel
    self.feature = feature
    self.name = name
    self.verdict = verdict
    self.reason = reason
    self.milliseconds = milliseconds
  }
}

extension CaseResult {
  /// What a bed has left, and how many of its lines are none: that of a guest that ended while it wrote.
  ///
  /// - Parameter text: A line of JSON for each result.
  package static func read(_ text: String) -> (results: [CaseResult], torn: Int) {
    let lines = text.split(separator: "\n")
    let results = lines.compactMap {
      try? JSONDecoder().decode(CaseResult.self, from: Data($0.utf8))
    }
    return (results, lines.count - results.count)
  }
}
