import HostReadiness

/// `docs/CHECKS.md`: what every check does, what it means if it does not pass, what to do then, and
/// to which use it matters how much.
struct CataloguePage {
  var text: String {
    ([preface] + groups).joined(separator: "\n\n")
  }

  private var preface: String {
    let uses = Use.allCases.map { "- `\($0.rawValue)`: \(Markup.markdown($0.purpose))" }
    return """
      # Checks

      What `xfrmctl check` looks at, in the order of its reports. This page is what
      `xfrmctl check --list --format markdown` prints; `xfrmctl check --explain ID` tells of one check, and how it
      stands on this host.

      How much a check matters depends on what the host is for, `--profile`:

      \(uses.joined(separator: "\n"))

      A host is NOT READY if a **required** check fails, and READY with warnings if a **recommended** one does;
      **optional** ones change no verdict. Checks for which a profile has no word are not done.

      A profile of your own is a file, `xfrmctl check --profile ./office.profile`:

      ```
      \(Self.profile)
      ```

      A line that is left out is as the base has it, and the base is `minimal` if none is named. Of lines about one check
      the last counts; proposals take the place of those of the base.
      """
  }

  /// Every line that a profile of a user's own may have.
  static let profile = """
    name office                         # its file's name if left out
    base strongswan                     # one of the above
    require xfrm.esp6.*                 # a check, or all that begin so
    recommend nf.*
    optional mod.af_key
    skip env.memory                     # it is not done
    proposal aes256gcm16 aes256-sha256  # what the host must have algorithms for
    """

  private var groups: [String] {
    HostReadiness.Check.Group.allCases.compactMap { group in
      let entries = CatalogueEntry.all.filter { $0.group == group }.map(section)
      return entries.isEmpty ? nil : (["## \(group.title)"] + entries).joined(separator: "\n\n")
    }
  }

  private func section(_ entry: CatalogueEntry) -> String {
    let related = entry.related + entry.dependsOn.filter { !entry.related.contains($0) }
    let options = entry.options.map { "\n- **Done:** with `\($0)`." } ?? ""
    let links = related.map { "[\(Markup.markdown($0.rawValue))](#\($0))" }
    let seeAlso = links.isEmpty ? "" : "\n- **See also:** \(links.joined(separator: ", "))"
    return """
      <a id="\(entry.id)"></a>
      ### \(Markup.markdown(entry.id.rawValue)): \(Markup.markdown(entry.title))

      It \(prose(entry.about)).

      - **Why:** \(prose(entry.why)).
      - **What to do:** \(prose(entry.advice)).
      - **Matters:** \(importance(entry)).
      """ + options + seeAlso
  }

  /// `required for gateway and algo; optional for minimal`
  private func importance(_ entry: CatalogueEntry) -> String {
    let severities = Use.allCases.map { ($0, entry.severity(under: Profile($0))) }
    let parts = [HostReadiness.Check.Severity.required, .recommended, .optional].compactMap {
      severity -> String? in
      let uses = severities.filter { $0.1 == severity }.map(\.0.rawValue)
      guard !uses.isEmpty else { return nil }
      let isForAll = uses.count == severities.count
      return severity.rawValue + (isForAll ? " for all" : " for " + uses.joined(separator: ", "))
    }
    return parts.isEmpty ? "only in profiles that name it" : parts.joined(separator: "; ")
  }

  /// What stands between backticks is code in the catalogue, too.
  private func prose(_ text: String) -> String {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
      index.isMultiple(of: 2) ? Markup.markdown(String(part)) : Markup.markdownCode(String(part))
    }.joined()
  }
}
