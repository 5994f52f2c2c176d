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
    let title = "xfrmctl \(toolVersion) check"
    let about = "\(host.hostname): Linux \(host.kernelRelease) \(host.architecture)\(system)"
    let text = Text.flow([title, about], width: 80).joined(separator: "\n")
    return Style.bold(title) + text.dropFirst(title.count)
  }

  private var loading: [String] { loaded.map { [LoadingText($0).text] } ?? [] }

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
    let noteworthy = report.checks.filter { $0.outcome != .passed && $0.outcome != .absent }
    let remedies = noteworthy.flatMap(\.remedies).merged
    guard !remedies.isEmpty else { return [] }
    let lines = remedies.flatMap { remedy in
      let commands = commands(remedy)
      let text = remedy.text + (commands.count > 1 ? ", by either command" : "")
      return Text.wrap(text, width: 76).enumerated().map { $0 == 0 ? "  - \($1)" : "    \($1)" }
        + commands.map { "        \(Style.bold($0))" }
    }
    return [([Style.bold("What to do")] + lines).joined(separator: "\n")]
  }

  /// Commands of which one is enough.
  private func commands(_ remedy: Remedy) -> [String] {
    // Where this tool has just failed to load them it is not to be tried again.
    let own = remedy.isLoading && loaded == nil ? ["xfrmctl check --load"] : []
    return own + [remedy.command].compactMap { $0 }
  }

  private func note(_ word: String, _ text: String) -> [String] { Text.note(word, text) }

  /// What the report was made without.
  private var gaps: [String] {
    var lines = report.unreadable.flatMap { Text.wrap($0.description, width: 80) }
    if !report.notAsked.isEmpty {
      let ids = report.notAsked.map(\.rawValue).joined(separator: " ")
      lines += Text.wrap(
        "Not asked, as the kernel might have loaded modules for it: \(ids)", width: 80)
    }
    guard !lines.isEmpty else { return [] }
    return [lines.map { Style.dim($0) }.joined(separator: "\n")]
  }

  private var sideEffects: [String] {
    let modules = loaded?.modulesLoaded ?? report.sideEffects.modulesLoaded
    guard !modules.isEmpty else { return [] }
    let text =
      (loaded == nil ? "The kernel loaded for this: " : "Loaded meanwhile: ")
      + modules.joined(separator: " ")
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
    let others = [
      (counts.warnings, counts.warnings == 1 ? "warning" : "warnings"), (counts.failed, "failed"),
      (counts.unknown, "unknown"), (counts.absent, "absent"),
    ]
    let parts =
      ["\(counts.passed) passed"] + others.filter { $0.0 > 0 }.map { "\($0) \($1)" }
    return "\(words)   \(parts.joined(separator: ", "))   \(report.duration.seconds)"
  }
}

extension HostReadiness.Check.Outcome {
  var tag: String {
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
