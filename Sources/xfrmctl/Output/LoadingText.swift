import HostReadiness

/// What `xfrmctl check --load` says of each module.
struct LoadingText {
  let report: LoadReport

  init(_ report: LoadReport) { self.report = report }

  var text: String {
    var lines = alreadyThere
    for attempt in report.attempts where attempt.outcome != .alreadyThere {
      lines += self.lines(attempt)
    }
    if let persisted = report.persisted { lines += self.lines(persisted) }
    if let problem = report.recordProblem {
      lines += Text.note("note", "--undo will not know of this: \(problem)")
    }
    return ([Style.bold("Loading modules")] + lines).joined(separator: "\n")
  }

  private var alreadyThere: [String] {
    let names = report.attempts.filter { $0.outcome == .alreadyThere }.map(\.module.name)
    guard !names.isEmpty else { return [] }
    return Text.wrap("in the kernel already: " + names.joined(separator: " "), width: 78)
      .map { "  \($0)" }
  }

  private func lines(_ attempt: LoadAttempt) -> [String] {
    let words =
      switch attempt.outcome {
      case .alreadyThere: "in the kernel already"
      case .loaded: "loaded" + (attempt.provenBy.map { ", as \($0) shows" } ?? "")
      case .blocked: "blocked"
      case .missing: "missing"
      case .failed: "failed"
      }
    return ["  \(Text.pad(attempt.module.name, 18))\(words)"]
      + attempt.said.filter { _ in attempt.outcome == .failed }.flatMap { Text.note("said", $0) }
      + (attempt.cause.map { Text.note("why", $0) } ?? [])
  }

  private func lines(_ change: FileChange) -> [String] {
    let words =
      switch change.outcome {
      case .written: "written: \(change.modules.joined(separator: " "))"
      case .removed: "removed"
      case .unchanged: change.modules.isEmpty ? "not needed" : "says so already"
      case .refused: "not written"
      }
    return Text.wrap("\(change.path) \(words)", width: 78).map { "  \($0)" }
      + (change.cause.map { Text.note("why", $0) } ?? [])
  }
}

/// What `xfrmctl check --undo` says.
struct UndoText {
  let report: UndoReport

  init(_ report: UndoReport) { self.report = report }

  var text: String {
    let lines = report.attempts.flatMap(lines) + list + problem
    return
      ([Style.bold("Undoing what --load did")]
      + (lines.isEmpty ? ["  there is nothing to undo"] : lines)).joined(separator: "\n")
  }

  private func lines(_ attempt: UndoAttempt) -> [String] {
    let words =
      switch attempt.outcome {
      case .removed: "taken out"
      case .alreadyGone: "gone already"
      case .inUse: "left: \(attempt.cause ?? "in use")"
      case .failed: "failed"
      }
    let cause = attempt.outcome == .failed ? attempt.cause : nil
    return ["  \(Text.pad(attempt.module, 18))\(words)"]
      + (cause.map { Text.note("why", $0) } ?? [])
  }

  private var list: [String] {
    switch report.bootList.outcome {
    case .unchanged: []
    case .removed, .written: ["  \(report.bootList.path) removed"]
    case .refused:
      ["  \(report.bootList.path) left"]
        + (report.bootList.cause.map { Text.note("why", $0) } ?? [])
    }
  }

  private var problem: [String] {
    report.recordProblem.map { ["  it is not known what was loaded"] + Text.note("why", $0) } ?? []
  }
}

extension Text {
  /// A remark under a line, wrapped to the terminal's 80 columns.
  static func note(_ word: String, _ text: String) -> [String] {
    wrap(text, width: 66).enumerated().map { index, line in
      let label = index == 0 ? pad("\(word):", 6) : "      "
      return "       \(Style.dim(label))\(line)"
    }
  }
}
