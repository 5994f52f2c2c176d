import HostReadiness

/// Something that was asked about, and what it may be.
struct Recognition {
  /// Which line of a log it is.
  var line: Int?
  /// How many further lines of the log are explained by the same.
  var repetitions = 0
  var text: PastedText
  /// The likeliest first.
  var entries: [KnowledgeEntry]
}

extension Recognition {
  /// `xfrmctl check --explain`
  static func explain(_ text: String, json: Bool, options: CheckOptions) throws {
    let recognitions = text == "-" ? try log() : [try single(text)]
    let isAboutChecks = recognitions.contains { $0.entries.contains { !$0.checks.isEmpty } }
    var options = options
    if isAboutChecks {
      // Those that the profile does without, too: somebody asks.
      for id in recognitions.flatMap(\.entries).flatMap(\.checks) {
        options.profile.ask(id)
      }
    }
    let progress = PatientProgress("Asking the kernel")
    let report =
      isAboutChecks ? HostReadiness.check(options: options, progress: progress.tell) : nil
    progress.end()
    if json {
      try JSONOutput.print(ExplanationJSON(recognitions, report))
    } else {
      try Terminal.print(ExplanationReport(recognitions, report).text)
    }
  }

  private static func single(_ text: String) throws(Failure) -> Recognition {
    let shown = PastedText(text)
    let entries = KnowledgeBase.entries(explaining: text)
    guard entries.isEmpty else { return Recognition(text: shown, entries: entries) }
    let near = Self.near(text)
    let advice = near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?"
    throw Failure("nothing is known of “\(shown)”\(advice)", .invalidInput)
  }

  /// Every line on stdin that is recognised; those that mean the same are one.
  private static func log() throws(Failure) -> [Recognition] {
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    let recognitions = recognitions(in: lines)
    guard recognitions.isEmpty else { return recognitions }
    throw Failure("none of \(Text.count(lines.count)) lines on stdin is known", .invalidInput)
  }

  static func recognitions(in lines: [String]) -> [Recognition] {
    var recognitions: [Recognition] = []
    var indices: [[KnowledgeEntry]: Int] = [:]
    for (index, line) in lines.enumerated() {
      let entries = KnowledgeBase.entries(recognising: line)
      guard !entries.isEmpty else { continue }
      if let earlier = indices[entries] {
        recognitions[earlier].repetitions += 1
      } else {
        indices[entries] = recognitions.count
        recognitions.append(
          Recognition(line: index + 1, text: PastedText(line), entries: entries))
      }
    }
    return recognitions
  }

  /// At most three names that somebody may have meant.
  static func near(
    _ text: String, among names: [String] = KnowledgeBase.all.map(\.id)
  ) -> [String] {
    let wanted = text.lowercased()
    return names.map { id -> (id: String, distance: Int) in
      let name = id.lowercased()
      if wanted.count > 2, name.contains(wanted) { return (id, 1) }
      // What is typed too much says less than a letter in the wrong place.
      let distance = wanted.editDistance(to: name)
      return (id, wanted.count > 2 && wanted.contains(name) ? min(3, distance) : distance)
    }
    .filter { $0.distance <= max(2, wanted.count / 3) }
    .sorted { $0.distance < $1.distance }
    .prefix(3).map(\.id)
  }
}
