import HostReadiness

/// `xfrmctl check report --format html`
struct MatrixHTML {
  private let matrix: Matrix

  init(_ matrix: Matrix) { self.matrix = matrix }

  var text: String {
    let worst = matrix.hosts.first?.verdict.rawValue ?? ""
    let heading = """
      <header class="\(worst)">
      <h1>\(matrix.summary)</h1>
      <p class="soft">The worst first; made by xfrmctl \(toolVersion).</p>
      </header>
      """
    return HTMLPage.text(
      title: "xfrmctl check: \(matrix.summary)",
      body: ([heading, hosts] + matrix.parts.map(table)).joined(separator: "\n"))
  }

  /// A line a host: verdict and what is wrong first.
  private var hosts: String {
    let rows = matrix.hosts.map { host in
      let first = host.firstFailure.map { "<code>\(text($0.id))</code>: \(text($0.summary))" }
      return """
        <tr><th scope="row"><strong>\(text(host.host.name))</strong><br>\
        <span class="soft">\(text(host.host.kernel))</span></th>\
        <td class="\(host.verdict.outcome.rawValue)">\(host.verdict.words)<br>\
        <span class="soft">for \(text(host.profile.name))</span></td>\
        <td>\(host.counts.text)<br>\(first ?? "")</td></tr>
        """
    }
    return """
      <h2>Hosts</h2>
      <div class="table"><table>
      <thead><tr><th>host</th><th>verdict</th><th>checks</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  private func table(_ part: (title: String, rows: [Matrix.Row])) -> String {
    let names = matrix.columns.map { #"<th scope="col">\#(text($0))</th>"# }.joined()
    return """
      <h2>\(part.title)</h2>
      <div class="table"><table>
      <thead><tr><th>check</th>\(names)</tr></thead>
      <tbody>
      \(part.rows.map(row).joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  private func row(_ row: Matrix.Row) -> String {
    let cells = row.cells.map { check in
      guard let check else { return #"<td class="soft">not done</td>"# }
      return "<td>\(HTMLPage.mark(check.outcome))<br>\(text(check.summary))</td>"
    }
    return #"<tr class="\#(row.differs ? "differs" : "alike")">"#
      + #"<th scope="row">\#(text(row.title))<br><code>\#(text(row.id))</code></th>"#
      + cells.joined() + "</tr>"
  }

  private func text(_ text: String) -> String { Markup.escaped(text) }
}

extension Verdict {
  /// The outcome of a check that means as much.
  fileprivate var outcome: HostReadiness.Check.Outcome {
    switch self {
    case .ready: .passed
    case .readyWithWarnings: .warning
    case .notReady: .failed
    case .unknown: .unknown
    }
  }
}
