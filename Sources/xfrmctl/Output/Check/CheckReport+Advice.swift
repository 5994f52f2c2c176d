import HostReadiness

extension CheckReport {
  /// Every remedy once, that of what matters most first.
  var advice: [String] {
    let remedies = report.remedies
    guard !remedies.isEmpty else { return [] }
    let lines = remedies.flatMap { remedy in
      let commands = commands(remedy)
      let text = remedy.text + (commands.count > 1 ? ", by either command" : "")
      return Text.wrap(text, width: 76).enumerated().map { $0 == 0 ? "  - \($1)" : "    \($1)" }
        + commands.map { "        \(Style.bold($0))" }
    }
    let heading = isOfImage ? "What to do there" : "What to do"
    return [([Style.bold(heading)] + lines).joined(separator: "\n")]
  }

  /// Commands of which one is enough.
  func commands(_ remedy: Remedy) -> [String] {
    // Where this tool has just failed to load them it is not to be tried again.
    let own = remedy.isLoading && loaded == nil && !isOfImage ? ["\(invocation) --load"] : []
    return own + [remedy.command].compactMap { $0 }
  }

  /// How this report was asked for, as far as the profile goes.
  private var invocation: String {
    let profile = report.profile
    let isUse = profile.name == profile.use.rawValue && profile.use != .minimal
    return "xfrmctl check" + (isUse ? " --profile \(profile.name)" : "")
  }
}

extension ReadinessReport {
  /// What to do about all that did not pass, each thing once: first about what failed, then about
  /// what could not be told, then about warnings. What changes no verdict comes last.
  var remedies: [Remedy] {
    let matter = checks.filter { $0.severity != .optional }
    let others = checks.filter { $0.severity == .optional && $0.isNoteworthy }
    return
      ([.failed, .unknown, .warning].flatMap { (outcome: HostReadiness.Check.Outcome) in
        matter.filter { $0.outcome == outcome }
      } + others).flatMap(\.remedies).merged
  }
}
