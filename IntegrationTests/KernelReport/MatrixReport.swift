/// The results of several beds as one table: kernel × feature × result.
package struct MatrixReport {
  private let results: [CaseResult]
  /// The columns, in the order in which they appear in the results.
  private let kernels: [Kernel]
  /// The rows, likewise.
  private let features: [String]

  private struct Kernel: Hashable {
    var bed: String
    var release: String
  }

  private struct Tally {
    var passed = 0
    var failed = 0
    var skipped = 0

    init(_ results: some Sequence<CaseResult>) {
      for result in results {
        switch result.verdict {
        case .passed: passed += 1
        case .failed: failed += 1
        case .skipped: skipped += 1
        }
      }
    }

    /// `220 passed, 10 skipped`; `–` if nobody asked.
    var text: String {
      let parts = [(passed, "passed"), (failed, "FAILED"), (skipped, "skipped")]
      let words = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      return words.isEmpty ? "–" : words.joined(separator: ", ")
    }

    var style: String { failed > 0 ? "failed" : passed > 0 ? "passed" : "skipped" }
  }

  package init(_ results: [CaseResult]) {
    self.results = results
    kernels = results.map { Kernel(bed: $0.bed, release: $0.kernel) }.firsts
    features = results.map(\.feature).firsts
  }

  /// A line for each kernel: `uml 6.1.0: 540 passed, 30 skipped`.
  package var summary: String {
    kernels.map { "\($0.bed) \($0.release): \(Tally(of($0)).text)" }.joined(separator: "\n")
  }

  private func of(_ kernel: Kernel) -> [CaseResult] {
    results.filter { $0.bed == kernel.bed && $0.kernel == kernel.release }
  }

  /// The cells of a row.
  private func tallies(_ feature: String?) -> [Tally] {
    kernels.map { kernel in
      Tally(of(kernel).filter { feature == nil || $0.feature == feature })
    }
  }

  /// Each reason with the kernel it was given on and the cases that it was given for.
  private func reasons(
    _ verdict: CaseResult.Verdict
  ) -> [(kernel: Kernel, reason: String, names: [String])] {
    kernels.flatMap { kernel in
      let given = of(kernel).filter { $0.verdict == verdict }
      return given.map { $0.reason ?? "" }.firsts.map { reason in
        (kernel, reason, given.filter { $0.reason ?? "" == reason }.map(\.name))
      }
    }
  }
}

// MARK: - Markdown

extension MatrixReport {
  package var markdown: String {
    let heads = kernels.map { "\($0.bed) (\($0.release))" }
    var lines = ["# Data-plane matrix", "", Self.row(["feature"] + heads)]
    lines.append(Self.row(Array(repeating: "---", count: heads.count + 1)))
    lines += features.map { Self.row([$0] + tallies($0).map(\.text)) }
    lines.append(Self.row(["**all**"] + tallies(nil).map(\.text)))
    for (title, verdict) in Self.sections {
      let reasons = reasons(verdict)
      if reasons.isEmpty { continue }
      lines += ["", "## \(title)", ""]
      lines += reasons.map { entry in
        // Of what is skipped there may be hundreds.
        let names = verdict == .failed ? ": \(entry.names.joined(separator: ", "))" : ""
        return "- \(entry.kernel.bed), \(entry.names.count) × \(entry.reason)\(names)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let sections: [(String, CaseResult.Verdict)] = [
    ("Failed", .failed), ("Skipped", .skipped),
  ]

  private static func row(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }
}

// MARK: - HTML

extension MatrixReport {
  package var html: String {
    let heads = kernels.map { "<th>\($0.bed.escaped)<br>\($0.release.escaped)</th>" }
    var rows = ["<tr><th>feature</th>\(heads.joined())</tr>"]
    for feature in features + [nil] {
      let cells = tallies(feature).map { "<td class=\"\($0.style)\">\($0.text)</td>" }.joined()
      rows.append("<tr><th>\((feature ?? "all").escaped)</th>\(cells)</tr>")
    }
    var parts = ["<h1>Data-plane matrix</h1>", "<table>"] + rows + ["</table>"]
    for (title, verdict) in Self.sections {
      let reasons = reasons(verdict)
      if reasons.isEmpty { continue }
      parts.append("<h2>\(title)</h2>")
      parts += reasons.map { entry in
        "<details><summary>\(entry.kernel.bed.escaped), \(entry.names.count) × "
          + "\(entry.reason.escaped)</summary><ul>"
          + entry.names.map { "<li>\($0.escaped)</li>" }.joined() + "</ul></details>"
      }
    }
    return Self.head + parts.joined(separator: "\n") + "\n"
  }

  private static let head = """
    <!DOCTYPE html>
    <meta charset="utf-8"><title>Data-plane matrix</title>
    <style>
    body { font: 15px/1.4 sans-serif; margin: 2em }
    table { border-collapse: collapse }
    th, td { border: 1px solid #999; padding: .3em .6em; text-align: left }
    .passed { background: #dfd } .failed { background: #fcc } .skipped { background: #eee }
    </style>

    """
}

extension String {
  fileprivate var escaped: String {
    map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(character)
      }
    }.joined()
  }
}

extension Array where Element: Hashable {
  /// Each element once, where it comes first.
  fileprivate var firsts: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
