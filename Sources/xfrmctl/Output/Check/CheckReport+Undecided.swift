import HostReadiness

/// Checks that could not be decided, all for the same reason.
struct Undecided {
  var cause: String
  var checks: [HostReadiness.Check]

  /// Fewer are told each on a line of its own.
  private static let worthwhile = 3

  /// The reasons that many have, in the order in which they first appear.
  static func gathered(_ checks: [HostReadiness.Check]) -> [Undecided] {
    var reasons: [Undecided] = []
    for check in checks where check.outcome == .unknown {
      guard let cause = check.cause else { continue }
      if let index = reasons.firstIndex(where: { $0.cause == cause }) {
        reasons[index].checks.append(check)
      } else {
        reasons.append(Undecided(cause: cause, checks: [check]))
      }
    }
    return reasons.filter { $0.checks.count >= worthwhile }
  }
}

extension CheckReport {
  /// What kept many checks from being decided.
  var reasons: [String] {
    guard !undecided.isEmpty else { return [] }
    let lines = undecided.flatMap { reason in
      let tag = HostReadiness.Check.Outcome.unknown.tag
      let text = "\(reason.checks.count) checks: \(reason.cause)"
      let ids = Text.wrap(reason.checks.map(\.id.rawValue).joined(separator: " "), width: 73)
      return Text.wrap(text, width: 73).enumerated().map {
        $0 == 0 ? "  \(tag) \($1)" : "       \($1)"
      } + ids.map { "       \(Style.dim($0))" }
    }
    return [([Style.bold("Not known")] + lines).joined(separator: "\n")]
  }
}
