import HostReadiness

/// What `xfrmctl check` shows a person: a line for each check, and under those that did not pass
/// what the kernel said, why, and what to do.
struct CheckReport {
  let report: ReadinessReport
  let loaded: LoadReport?
  let isVerbose: Bool

  init(_ report: ReadinessReport, _ loaded: LoadReport?, isVerbose: Bool) {
    self.report = report
    self.loaded = loaded
    self.isVerbose = isVerbose
  }

  var text: String {
    ([heading] + loading + groups + gaps + sideEffects + advice + [verdict])
      .joined(separator: "\n\n")
  }

  private var heading: String {
    let host = report.host
    let system = host.distribution.map { ", \($0)" } ?? ""
    return Style.bold("xfrmctl \(toolVersion) check")
      + "  \(host.hostname): Linux \(host.kernelRelease) \(host.architecture)\(system)"
  }

  private var loading: [String] {
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

  private var groups: [String] {
    HostReadiness.Check.Group.allCases.compactMap { group in
      let checks = report.checks.filter { $0.group == group }
      guard !checks.isEmpty else { return nil }
      return ([Style.bold(group.title)] + checks.flatMap(lines)).joined(separator: "\n")
    }
  }

  private func lines(_ check: HostReadiness.Check) -> [String] {
    let isNoteworthy = check.outcome != .passed && check.outcome != .absent
    var lines = ["  \(check.outcome.tag) \(Text.pad(check.title, 34)) \(check.summary)"]
    guard isNoteworthy || isVerbose else { return lines }
    lines += note("id", check.id.rawValue)
    lines += check.evidence.flatMap { evidence in
      if let words = evidence.kernelWords {
        return note("said", "“\(words)” (\(evidence.errno ?? evidence.source))")
      }
      return isVerbose ? note("seen", "\(evidence.source): \(evidence.answer)") : []
    }
    return lines + (check.cause.map { note("why", $0) } ?? [])
  }

  /// Every remedy once, that of the first check that wants it first.
  private var advice: [String] {
    var remedies: [Remedy] = []
    for check in report.checks where check.outcome != .passed && check.outcome != .absent {
      remedies += check.remedies.filter { !remedies.contains($0) }
    }
    guard !remedies.isEmpty else { return [] }
    let lines = remedies.flatMap { remedy in
      Text.wrap(remedy.text, width: 74).enumerated().map { $0 == 0 ? "  - \($1)" : "    \($1)" }
        + (remedy.command.map { ["        \(Style.bold($0))"] } ?? [])
    }
    return [([Style.bold("What to do")] + lines).joined(separator: "\n")]
  }

  /// A remark under a line, wrapped to the terminal's 80 columns.
  private func note(_ word: String, _ text: String) -> [String] {
    Text.wrap(text, width: 66).enumerated().map { index, line in
      let label = index == 0 ? Text.pad("\(word):", 6) : "      "
      return "       \(Style.dim(label))\(line)"
    }
  }

  /// What the report was made without.
  private var gaps: [String] {
    guard !report.unreadable.isEmpty else { return [] }
    let lines = report.unreadable.flatMap { Text.wrap($0.description, width: 80) }
    return [lines.map { Style.dim($0) }.joined(separator: "\n")]
  }

  private var sideEffects: [String] {
    let modules = loaded?.modulesLoaded ?? report.sideEffects.modulesLoaded
    guard !modules.isEmpty else { return [] }
    let text = "The kernel loaded for this: \(modules.joined(separator: " "))"
    return [Text.wrap(text, width: 80).joined(separator: "\n")]
  }

  private var verdict: String {
    let counts = report.counts
    let words =
      switch report.verdict {
      case .ready: Style.green(Style.bold("READY"))
      case .readyWithWarnings: Style.yellow(Style.bold("READY with warnings"))
      case .notReady: Style.red(Style.bold("NOT READY"))
      case .unknown: Style.yellow(Style.bold("UNKNOWN"))
      }
    let parts = [
      "\(counts.passed) passed", "\(counts.warnings) warnings", "\(counts.failed) failed",
      "\(counts.unknown) unknown", "\(counts.absent) absent",
    ]
    return "\(words)   \(parts.joined(separator: ", "))   \(report.duration.seconds)"
  }
}

extension HostReadiness.Check.Outcome {
  fileprivate var tag: String {
    switch self {
    case .passed: Style.green("[ok]")
    case .warning: Style.yellow("[!!]")
    case .failed: Style.red("[no]")
    case .unknown: Style.yellow("[??]")
    case .absent: Style.dim("[--]")
    }
  }
}

extension Duration {
  /// `0.04 s`
  var seconds: String {
    let hundredths = components.seconds * 100 + components.attoseconds / 10_000_000_000_000_000
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
  }
}
