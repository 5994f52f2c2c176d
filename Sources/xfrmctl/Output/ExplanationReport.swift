import HostReadiness

/// What `xfrmctl check --explain` shows a person: what was recognised, why it is said, what to do,
/// and in the end how the checks that all that has to do with stand on this host.
struct ExplanationReport {
  let recognitions: [Recognition]
  let report: ReadinessReport?

  init(_ recognitions: [Recognition], _ report: ReadinessReport?) {
    self.recognitions = recognitions
    self.report = report
  }

  var text: String { (recognitions.map(explanation) + status).joined(separator: "\n\n") }

  private func explanation(_ recognition: Recognition) -> String {
    ([heading(recognition)] + recognition.entries.map(paragraph)).joined(separator: "\n")
  }

  private func heading(_ recognition: Recognition) -> String {
    var place = recognition.line.map { "line \($0)" } ?? ""
    if recognition.repetitions > 0 {
      place += " and \(Text.count(recognition.repetitions)) more like it"
    }
    let quote = (place.isEmpty ? "" : "\(place): ") + "“\(recognition.text)”"
    // What has no blank for long is no sentence.
    let words = quote.split(separator: " ").map { $0.count > 60 ? "\($0.prefix(59))…" : String($0) }
    let choice =
      recognition.entries.count > 1 ? [Style.dim("One of these, the likeliest first:")] : []
    return (Text.wrap(words.joined(separator: " "), width: 80) + choice).joined(separator: "\n")
  }

  private func paragraph(_ entry: KnowledgeEntry) -> String {
    let title = "  \(Style.bold(entry.id))  \(entry.title)"
    let about = entry.about.map { note("what", $0) } ?? []
    return ([title] + about + note("why", entry.cause) + note("do", entry.remedy))
      .joined(separator: "\n")
  }

  private var status: [String] {
    let related = Set(recognitions.flatMap(\.entries).flatMap(\.checks))
    let lines = (report?.checks ?? []).filter { related.contains($0.id) }.map {
      "  \($0.outcome.tag) \(Text.pad($0.id.rawValue, 34)) \($0.summary)"
    }
    return lines.isEmpty ? [] : [([Style.bold("On this host")] + lines).joined(separator: "\n")]
  }

  /// A remark under a title, wrapped to the terminal's 80 columns.
  private func note(_ word: String, _ text: String) -> [String] {
    Text.wrap(text, width: 66).enumerated().map { index, line in
      "       " + Style.dim(Text.pad(index == 0 ? "\(word):" : "", 6)) + line
    }
  }
}
