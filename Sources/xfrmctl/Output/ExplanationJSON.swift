import HostReadiness

/// `xfrmctl check --explain TEXT --json`
struct ExplanationJSON: Encodable {
  struct Recognised: Encodable {
    /// Of a log.
    var line: Int?
    var repetitions: Int
    var text: String
    /// The likeliest first.
    var entries: [Entry]
  }

  struct Entry: Encodable {
    var id: String
    /// `check`, `errno` or `message`
    var kind: String
    /// Whose words it is about: `charon`, `ip`, `kernel`, …
    var speaker: String
    var title: String
    var about: String?
    var cause: String
    var remedy: String
    var checks: [Related]
  }

  /// How a check stands on this host.
  struct Related: Encodable {
    var id: String
    var status: String?
    var severity: String?
    var summary: String?
  }

  var schema = "explanation"
  var version = 1
  var recognised: [Recognised]

  init(_ recognitions: [Recognition], _ report: ReadinessReport?) {
    recognised = recognitions.map { recognition in
      Recognised(
        line: recognition.line, repetitions: recognition.repetitions,
        text: "\(recognition.text)", entries: recognition.entries.map { Entry($0, report) })
    }
  }
}

extension ExplanationJSON.Entry {
  init(_ entry: KnowledgeEntry, _ report: ReadinessReport?) {
    id = entry.id
    kind = entry.kind.rawValue
    speaker = entry.speaker.rawValue
    title = entry.title
    about = entry.about
    cause = entry.cause
    remedy = entry.remedy
    checks = entry.checks.map { id in
      let check = report?[id]
      return ExplanationJSON.Related(
        id: id.rawValue, status: check?.status.rawValue, severity: check?.severity.rawValue,
        summary: check?.summary)
    }
  }
}
