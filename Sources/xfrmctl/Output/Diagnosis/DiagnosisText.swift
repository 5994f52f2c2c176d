import XFRMDiagnosis

/// What the doctor found, for people: in 80 columns.
struct DiagnosisText {
  private static let width = 80

  let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  /// The first cause first, each with evidence and fix.
  var lines: [String] {
    guard !diagnosis.isHealthy else { return healthy }
    return diagnosis.causes.enumerated().flatMap { number, cause in
      (number == 0 ? [] : [""]) + Self.lines(cause)
    }
  }

  private var healthy: [String] {
    let packets =
      diagnosis.packets == 0
      ? "no packet went through an SA meanwhile; look again while something is sent"
      : "\(Text.count(diagnosis.packets)) packets went through SAs meanwhile"
    return Text.wrap("nothing is wrong: \(packets)", width: Self.width)
  }

  static func lines(_ cause: Cause) -> [String] {
    let place = cause.host.isEmpty ? "" : " (\(cause.host))"
    return [Style.bold(cause.id.rawValue) + place]
      + block("", cause.id.title) + cause.evidence.flatMap { block("seen", $0) }
      + block("fix", cause.id.fix)
  }

  private static func block(_ word: String, _ text: String) -> [String] {
    Text.wrap(text, width: width - 8).enumerated().map { number, line in
      "  " + Text.pad(number == 0 ? word : "", word.isEmpty ? 0 : 6) + line
    }
  }
}
