import HostReadiness

extension CheckReport {
  /// What `--load` tried.
  var loading: [String] {
    guard let loaded else { return [] }
    let lines = loaded.attempts.flatMap { attempt in
      let words =
        switch attempt.outcome {
        case .alreadyThere: "in the kernel already"
        case .loaded: "loaded"
        case .blocked: "blocked"
        case .missing: "missing"
        case .failed: "failed"
        }
      return ["  \(Text.pad(attempt.module.name, 12))\(words)"]
        + attempt.said.filter { _ in attempt.outcome == .failed }.flatMap { note("said", $0) }
        + (attempt.cause.map { note("why", $0) } ?? [])
    }
    return [([Style.bold("Loading modules")] + lines).joined(separator: "\n")]
  }
}
