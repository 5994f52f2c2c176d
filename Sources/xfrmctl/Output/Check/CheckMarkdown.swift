import HostReadiness

/// `xfrmctl check --format markdown`: for an issue or a wiki.
struct CheckMarkdown {
  private let document: CheckJSON

  init(_ document: CheckJSON) { self.document = document }

  var text: String {
    ([heading, facts] + groups + advice).joined(separator: "\n\n")
  }

  private var heading: String {
    let name = Markup.markdown(document.host.name)
    return "# \(name): \(document.verdict.words) for \(Markup.markdown(document.profile.name))"
  }

  private var facts: String {
    let host = document.host
    let system = [host.distribution, host.container.map { "in \($0)" }].compactMap { $0 }
    let lines =
      [
        "Linux \(host.kernel) \(host.architecture)"
          + system.map { ", \($0)" }.joined(),
        document.counts.text,
        "checked \(document.startedAt) by xfrmctl \(document.tool.version)",
      ]
      + (document.firstFailure.map {
        ["first: \($0.group.title), \($0.id): \($0.summary)"]
      } ?? [])
    return lines.map { "- \(Markup.markdown($0))" }.joined(separator: "\n")
  }

  private var groups: [String] {
    HostReadiness.Check.Group.allCases.compactMap { group in
      let rows = document.checks.filter { $0.group == group }.map(row)
      guard !rows.isEmpty else { return nil }
      let head = ["| | check | matters | result |", "|---|---|---|---|"]
      return "## \(group.title)\n\n" + (head + rows).joined(separator: "\n")
    }
  }

  private func row(_ check: CheckJSON.Item) -> String {
    let id = Markup.markdown(check.id)
    let cause = check.cause.map { "<br>\(Markup.markdown($0))" } ?? ""
    return "| \(check.outcome.mark) | \(Markup.markdown(check.title))<br>\(id) | "
      + "\(check.severity.rawValue) | \(Markup.markdown(check.summary))\(cause) |"
  }

  private var advice: [String] {
    let fixes = document.remedies
    guard !fixes.isEmpty else { return [] }
    let lines = fixes.map { fix in
      "- \(Markup.markdown(fix.text))"
        + (fix.command.map { ": \(Markup.markdownCode($0))" } ?? "")
    }
    return ["## What to do\n\n" + lines.joined(separator: "\n")]
  }
}
