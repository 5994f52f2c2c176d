import XFRMConfig

/// Errors and warnings of a configuration, as compilers show theirs.
struct DiagnosticReport {
  /// The lines of each file, by name.
  private let lines: [String: [Substring]]
  private let omittedErrors: Int

  /// - Parameter sources: The text of each file.
  init(_ sources: [String: String], omittedErrors: Int = 0) {
    lines = sources.mapValues {
      $0.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }
    self.omittedErrors = omittedErrors
  }

  init(_ loaded: LoadedConfiguration, _ expansion: Expansion? = nil) {
    self.init(
      loaded.sources, omittedErrors: loaded.omittedErrors + (expansion?.omittedErrors ?? 0))
  }

  /// Writes them to stderr. A file's name may be a key that somebody gave in its place.
  func print(_ diagnostics: [Diagnostic]) {
    if !diagnostics.isEmpty { Terminal.warn(Redaction.redacted(text(diagnostics))) }
  }

  /// More would hide what is said behind them; `config check --json` has all.
  static let mostWarnings = 50

  /// All errors, and the first warnings.
  func text(_ diagnostics: [Diagnostic]) -> String {
    var warnings = 0
    let shown = diagnostics.filter { diagnostic in
      warnings += diagnostic.severity == .warning ? 1 : 0
      return diagnostic.severity == .error || warnings <= Self.mostWarnings
    }
    var blocks = shown.map { block($0) }
    if warnings > Self.mostWarnings {
      blocks.append("and \(Text.count(warnings - Self.mostWarnings)) more warnings")
    }
    if omittedErrors > 0 { blocks.append("and \(Text.count(omittedErrors)) more errors") }
    return blocks.joined(separator: "\n")
  }

  /// `FILE:LINE:COLUMN: error: …`, the line with a mark below, and help.
  private func block(_ diagnostic: Diagnostic) -> String {
    var block = ["\(diagnostic)"] + excerpt(diagnostic)
    if let help = diagnostic.help {
      let wrapped = Text.wrap(help, width: 70)
      block += wrapped.enumerated().map { ($0.offset == 0 ? "  help: " : "        ") + $0.element }
    }
    return block.joined(separator: "\n")
  }

  /// Of long lines so many columns are shown.
  private static let mostColumns = 76

  private func excerpt(_ diagnostic: Diagnostic) -> [String] {
    let start = diagnostic.span.start
    guard let lines = lines[diagnostic.span.file], start.line < lines.count,
      !lines[start.line].isEmpty
    else { return [] }
    let width = diagnostic.span.width
    let hidden = diagnostic.isSecret ? start.column..<Int.max : nil
    let line = Array(Discretion.maskedLine(String(lines[start.line]), hiding: hidden))
    let first = start.column > Self.mostColumns - 16 ? start.column - 16 : 0
    guard first <= line.count else { return [] }
    let shown = line[first...].prefix(Self.mostColumns)
    let column = min(start.column - first, shown.count)
    let tildes = max(0, min(width - 1, shown.count - column - 1))
    return [
      "  " + String(shown),
      "  " + String(repeating: " ", count: column) + "^" + String(repeating: "~", count: tildes),
    ]
  }
}
