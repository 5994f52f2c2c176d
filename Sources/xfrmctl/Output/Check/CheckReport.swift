import HostReadiness

/// What `xfrmctl check` shows a person: a line for each check that matters or did not pass, and
/// under those that did not what the kernel said, why, and what to do.
struct CheckReport {
  enum Detail {
    /// What did not pass, and the verdict.
    case quiet
    case usual
    /// Every check on a line of its own, with its evidence.
    case verbose
  }

  let report: ReadinessReport
  let loaded: LoadReport?
  /// Whether it is about somebody else's files, on which no command works that is typed here.
  let isOfImage: Bool
  let detail: Detail
  /// Checks that could not be decided for one and the same reason, which is told once.
  let undecided: [Undecided]
  /// Checks whose reason has been told with another, by that one's name.
  let repeated: [CheckID: CheckID]

  init(
    _ report: ReadinessReport, _ loaded: LoadReport?, isOfImage: Bool = false,
    detail: Detail = .usual
  ) {
    self.report = report
    self.loaded = loaded
    self.isOfImage = isOfImage
    self.detail = detail
    undecided = detail == .verbose ? [] : Undecided.gathered(report.checks)
    repeated = detail == .verbose ? [:] : Self.repetitions(in: report.checks)
  }

  var text: String {
    let parts =
      detail == .quiet
      ? groups + reasons + [verdict]
      : [heading] + loading + groups + reasons + gaps + sideEffects + advice + [verdict]
    return parts.joined(separator: "\n\n")
  }

  private var heading: String {
    let host = report.host
    let system =
      (host.distribution.map { ", \($0)" } ?? "") + (host.container.map { ", in \($0)" } ?? "")
    let choice = host.kernelChoice.map { " (\($0))" } ?? ""
    let title = "xfrmctl \(toolVersion) check"
    let about =
      "\(host.hostname): Linux \(host.kernelRelease)\(choice) \(host.architecture)\(system)"
    let text = Text.flow([title, about], width: 80).joined(separator: "\n")
    return Style.bold(title) + text.dropFirst(title.count)
  }

  /// What `--load` tried.
  private var loading: [String] { loaded.map { [LoadingText($0).text] } ?? [] }

  /// What the report was made without.
  private var gaps: [String] {
    guard !report.unreadable.isEmpty else { return [] }
    let lines = report.unreadable.flatMap { Text.wrap($0.description, width: 80) }
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

  /// A remark under a line, wrapped to the terminal's 80 columns.
  func note(_ word: String, _ text: String) -> [String] {
    Text.note(word, text)
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
