import HostReadiness

extension CheckReport {
  /// What it comes to, the first thing that is wrong, and what to type next.
  var verdict: String {
    let words = report.verdict.words
    let duration = report.duration.seconds
    let parts = [
      "\(words) for \(report.profile.name)", CheckJSON.Counts(report.counts).text, duration,
    ]
    // Without colours, which take no room.
    var lines = Text.flow(parts, width: 80)
    // It is not worth a line of its own.
    if lines.last == duration { lines.removeLast() }
    let text = lines.joined(separator: "\n")
    return ([style(words) + text.dropFirst(words.count)] + first + next).joined(separator: "\n")
  }

  private func style(_ words: String) -> String {
    switch report.verdict {
    case .ready: Style.green(Style.bold(words))
    case .readyWithWarnings, .unknown: Style.yellow(Style.bold(words))
    case .notReady: Style.red(Style.bold(words))
    }
  }

  private var first: [String] {
    guard let check = report.firstFailure else { return [] }
    let text = "\(check.group.title), \(check.id): \(check.summary)"
    return Text.wrap(text, width: 71).enumerated().map { index, line in
      "  " + Style.dim(index == 0 ? "first: " : "       ") + line
    }
  }

  /// Something that can be pasted as it is.
  private var next: [String] {
    let command =
      if let check = report.firstFailure {
        (isOfImage ? nil : check.remedies.merged.lazy.flatMap(commands).first)
          ?? "xfrmctl check --explain \(check.id)"
      } else {
        report.verdict == .ready ? "xfrmctl lab demo" : "xfrmctl check --list"
      }
    return ["  " + Style.dim("next:  ") + Style.bold(command)]
  }
}

extension Verdict {
  /// As a person reads it.
  var words: String {
    switch self {
    case .ready: "READY"
    case .readyWithWarnings: "READY with warnings"
    case .notReady: "NOT READY"
    case .unknown: "UNKNOWN"
    }
  }
}
