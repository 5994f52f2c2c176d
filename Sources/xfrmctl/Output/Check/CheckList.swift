import HostReadiness

/// `xfrmctl check --list`: every check, and how much each matters under a profile.
struct CheckList {
  private let profile: Profile

  init(_ profile: Profile) { self.profile = profile }

  func print(_ format: CheckFormat) throws {
    switch format {
    case .json: try JSONOutput.print(CheckListJSON(profile))
    case .markdown: try Terminal.print(CataloguePage().text)
    case .text, .junit, .html, .legacy: try Terminal.print(text)
    }
  }

  /// A line a check, group by group.
  var text: String {
    let groups = HostReadiness.Check.Group.allCases.compactMap { group -> String? in
      let lines = CatalogueEntry.all.filter { $0.group == group }.flatMap(lines)
      return lines.isEmpty ? nil : ([Style.bold(group.title)] + lines).joined(separator: "\n")
    }
    let done = CatalogueEntry.all.compactMap { $0.severity(under: profile) }
    let required = done.count { $0 == .required }
    let more = CatalogueEntry.all.count { $0.options != nil && $0.severity(under: profile) != nil }
    let sum =
      "\(done.count) checks for \(profile.name), \(required) required; \(more) take --live"
    return (groups + [sum]).joined(separator: "\n\n")
  }

  private func lines(_ entry: CatalogueEntry) -> [String] {
    let severity = entry.severity(under: profile)
    let words = Text.pad(severity?.rawValue ?? "not done", 12)
    let first = severity == nil ? Style.dim(words) : words
    let id = entry.id.rawValue
    // A name that is too long for its column has a line to itself.
    return id.count > 30
      ? ["  \(first)\(id)", "              " + Text.pad("", 30) + " \(entry.title)"]
      : ["  \(first)\(Text.pad(id, 30)) \(entry.title)"]
  }
}

/// `xfrmctl check --list --json`
struct CheckListJSON: Encodable {
  struct Item: Encodable {
    var id: String
    var group: HostReadiness.Check.Group
    var title: String
    /// Absent if the check is not done under the profile.
    var severity: HostReadiness.Check.Severity?
    /// The options that it takes to have it done.
    var options: String?
    var about: String
    var why: String
    var advice: String
    var related: [String]
    var dependsOn: [String]
    var docs: String
  }

  var schema = "check-list"
  var version = 1
  var profile: CheckJSON.Profile
  var checks: [Item]

  init(_ profile: Profile) {
    self.profile = CheckJSON.Profile(profile)
    checks = CatalogueEntry.all.map { entry in
      Item(
        id: entry.id.rawValue, group: entry.group, title: entry.title,
        severity: entry.severity(under: profile), options: entry.options, about: entry.about,
        why: entry.why, advice: entry.advice, related: entry.related.map(\.rawValue),
        dependsOn: entry.dependsOn.map(\.rawValue), docs: "docs/CHECKS.md#\(entry.id)")
    }
  }
}
