import HostReadiness

/// `xfrmctl check --format html`: one page for people, whole by itself.
struct CheckHTML {
  private let document: CheckJSON

  init(_ document: CheckJSON) { self.document = document }

  var text: String {
    HTMLPage.text(
      title: "\(document.host.name): \(document.verdict.words) for \(document.profile.name)",
      body: ([heading] + advice + groups + [footer]).joined(separator: "\n"))
  }

  private var heading: String {
    let host = document.host
    let system = [
      "Linux \(host.kernel) \(host.architecture)", host.kernelChoice, host.distribution,
      host.container.map { "in \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
    let first = document.firstFailure.map {
      "<p>\(text($0.group.title)), <code>\(text($0.id))</code>: \(text($0.summary))</p>\n"
    }
    return """
      <header class="\(document.verdict.rawValue)">
      <p><strong>\(text(host.name))</strong> <span class="soft">\(text(system))</span></p>
      <h1>\(document.verdict.words) <small>for \(text(document.profile.name))</small></h1>
      \(first ?? "")<p class="soft">\(document.counts.text)</p>
      </header>
      """
  }

  private var advice: [String] {
    guard !document.remedies.isEmpty else { return [] }
    let items = document.remedies.map { fix in
      "<li>\(text(fix.text))"
        + (fix.command.map { "<pre><code>\(text($0))</code></pre>" } ?? "") + "</li>"
    }
    return ["<h2>What to do</h2>\n<ul>\n\(items.joined(separator: "\n"))\n</ul>"]
  }

  private var groups: [String] {
    HostReadiness.Check.Group.allCases.compactMap { group in
      let items = document.checks.filter { $0.group == group }.map(item)
      guard !items.isEmpty else { return nil }
      return """
        <h2>\(text(group.title))</h2>
        <ul class="checks">
        \(items.joined(separator: "\n"))
        </ul>
        """
    }
  }

  /// Open where there is something to look at.
  private func item(_ check: CheckJSON.Item) -> String {
    let isNoteworthy = check.outcome != .passed && check.outcome != .absent
    let facts =
      [("check", "<code>\(text(check.id))</code>, \(check.severity.rawValue)")]
      + check.evidence.map { ("seen", "\(text($0.source)): \(text($0.answer))") }
      + (check.cause.map { [("why", text($0))] } ?? [])
      + check.remedies.map { fix in
        ("do", text(fix.text) + (fix.command.map { ": <code>\(text($0))</code>" } ?? ""))
      }
    return """
      <li id="\(text(check.id))"><details\(isNoteworthy ? " open" : "")>
      <summary>\(HTMLPage.mark(check.outcome)) <span>\(text(check.title))</span> \
      <span class="soft">\(text(check.summary))</span></summary>
      <dl>\(facts.map { "<dt>\($0)</dt><dd>\($1)</dd>" }.joined(separator: "\n"))</dl>
      </details></li>
      """
  }

  private var footer: String {
    "<p class=\"soft\">Checked \(text(document.startedAt)) by xfrmctl "
      + "\(text(document.tool.version)).</p>"
  }

  private func text(_ text: String) -> String { Markup.escaped(text) }
}
