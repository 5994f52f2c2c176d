import HostReadiness

/// `xfrmctl check report --format markdown`
struct MatrixMarkdown {
  private let matrix: Matrix

  init(_ matrix: Matrix) { self.matrix = matrix }

  var text: String {
    (["# \(matrix.summary)", hosts] + matrix.parts.map(table)).joined(separator: "\n\n")
  }

  private var hosts: String {
    let rows = matrix.hosts.map { host in
      let first = host.firstFailure.map { "\($0.id): \($0.summary)" } ?? ""
      return line(
        [host.host.name, host.host.kernel, host.profile.name, host.verdict.words, first]
          .map(Markup.markdown))
    }
    return table(["host", "kernel", "profile", "verdict", "first"], rows)
  }

  private func table(_ part: (title: String, rows: [Matrix.Row])) -> String {
    let rows = part.rows.map { row in
      line(
        [Markup.markdown(row.id)]
          + row.cells.map { check in
            check.map { Markup.markdown("\($0.outcome.mark) \($0.summary)") } ?? "not done"
          })
    }
    let names = matrix.columns.map(Markup.markdown)
    return "## \(part.title)\n\n" + table(["check"] + names, rows)
  }

  private func table(_ head: [String], _ rows: [String]) -> String {
    ([line(head), line(head.map { _ in "---" })] + rows).joined(separator: "\n")
  }

  private func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
}
