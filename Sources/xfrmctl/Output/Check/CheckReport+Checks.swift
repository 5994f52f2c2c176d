import HostReadiness

extension CheckReport {
  /// The checks, under the headings of their groups.
  var groups: [String] {
    let toldOnce = Set(undecided.flatMap(\.checks).map(\.id))
    return HostReadiness.Check.Group.allCases.compactMap { group in
      let checks = report.checks.filter { $0.group == group && !toldOnce.contains($0.id) }
      let lines = lines(checks)
      return lines.isEmpty ? nil : ([Style.bold(group.title)] + lines).joined(separator: "\n")
    }
  }

  private func lines(_ checks: [HostReadiness.Check]) -> [String] {
    switch detail {
    case .quiet:
      checks.filter { $0.isNoteworthy && !$0.isGathered }.flatMap(lines)
        + gathered(checks.filter { $0.isNoteworthy && $0.severity != .optional })
    case .verbose: checks.flatMap(lines)
    case .usual: checks.filter { !$0.isGathered }.flatMap(lines) + gathered(checks)
    }
  }

  private func lines(_ check: HostReadiness.Check) -> [String] {
    let isVerbose = detail == .verbose
    let line = "  \(check.outcome.tag) \(Text.pad(check.title, 34)) \(check.summary)"
    guard check.isNoteworthy || isVerbose else { return [line] }
    if let other = repeated[check.id] {
      return [line] + note("id", check.id.rawValue) + note("why", "see \(other)")
    }
    let evidence = check.evidence.flatMap { evidence in
      if let words = evidence.kernelWords {
        return note("said", "“\(words)” (\(evidence.errno ?? evidence.source))")
      }
      return isVerbose ? note("seen", "\(evidence.source): \(evidence.answer)") : []
    }
    return [line] + note("id", check.id.rawValue) + evidence
      + (check.cause.map { note("why", $0) } ?? [])
  }

  /// One line, wrapped, for all that is alike and that the host can do without.
  private func gathered(_ checks: [HostReadiness.Check]) -> [String] {
    var heads: [String] = []
    var names: [String: [String]] = [:]
    for check in checks where check.isGathered {
      let head = "\(check.outcome.tag) \(check.commonWords)"
      if names[head] == nil { heads.append(head) }
      names[head, default: []].append(check.shortTitle)
    }
    return heads.flatMap { head in
      let tag = head.prefix { $0 != " " }
      let text =
        head.dropFirst(tag.count + 1) + ": "
        + names[head, default: []].joined(separator: "; ")
      return Text.wrap(String(text), width: 73).enumerated().map {
        $0 == 0 ? "  \(tag) \($1)" : "       \($1)"
      }
    }
  }
}

extension HostReadiness.Check {
  /// Whether somebody should look at it.
  var isNoteworthy: Bool { outcome != .passed && outcome != .absent }

  /// Whether it is told with others of its group: what the host can do without, what is in order
  /// where only what is not is of interest, and what is not known, is not needed and cannot be helped.
  /// A module that is not in the kernel is told of by the checks that miss it.
  var isGathered: Bool {
    switch outcome {
    case .absent: true
    case .passed: severity == .optional || !group.isAboutAbilities
    case .warning: isModule && summary == "not in this kernel"
    case .unknown:
      isModule || severity == .optional && remedies.isEmpty && !group.isAboutAbilities
    case .failed: false
    }
  }

  /// What is said once of those that are gathered.
  fileprivate var commonWords: String {
    if isModule { return summary }
    if outcome == .absent { return "absent" }
    if outcome == .unknown { return "not known" }
    return group.isAboutAbilities ? "also there" : "in order"
  }

  private var isModule: Bool { group == .modules && title.hasPrefix("Module ") }

  /// What distinguishes it in its group.
  fileprivate var shortTitle: String {
    isModule ? String(title.dropFirst(7)) : title
  }
}

extension HostReadiness.Check.Group {
  /// Whether its checks say what the kernel can do.
  fileprivate var isAboutAbilities: Bool {
    switch self {
    case .interface, .protocols, .encapsulation, .features, .traffic: true
    case .host, .modules, .routing, .packetFilter, .programs: false
    }
  }
}

extension HostReadiness.Check.Outcome {
  var tag: String {
    switch self {
    case .passed: Style.green(mark)
    case .warning, .unknown: Style.yellow(mark)
    case .failed: Style.red(mark)
    case .absent: Style.dim(mark)
    }
  }

  /// The same everywhere, coloured or not.
  var mark: String {
    switch self {
    case .passed: "[ok]"
    case .warning: "[!!]"
    case .failed: "[no]"
    case .unknown: "[??]"
    case .absent: "[--]"
    }
  }
}
