import HostReadiness

/// `xfrmctl check --format junit`: every check is a test, for continuous integration.
///
/// What failed is a failure, and what is required and could not be told an error, so that neither
/// passes for a success. Warnings count if they are to; else they are skipped, as what is absent
/// is, with the reason.
struct CheckJUnit {
  private let document: CheckJSON
  private let isStrict: Bool

  init(_ document: CheckJSON, isStrict: Bool) {
    self.document = document
    self.isStrict = isStrict
  }

  var text: String {
    let cases = document.checks.map(testCase)
    let results = document.checks.map(result)
    let counts = [
      ("tests", results.count), ("failures", results.count { $0 == .failure }),
      ("errors", results.count { $0 == .error }), ("skipped", results.count { $0 == .skipped }),
    ].map { "\($0)=\"\($1)\"" }.joined(separator: " ")
    let time = "time=\"\(document.durationSeconds.decimal)\""
    let name = Markup.escaped("xfrmctl check for \(document.profile.name)")
    let host = Markup.escaped(document.host.name)
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="xfrmctl" \(counts) \(time)>
      <testsuite name="\(name)" hostname="\(host)" timestamp="\(timestamp)" \(counts) \(time)>
      <properties>
      \(properties.joined(separator: "\n"))
      </properties>
      \(cases.joined(separator: "\n"))
      </testsuite>
      </testsuites>
      """
  }

  /// Without a time zone, as the format has it.
  private var timestamp: String {
    Markup.escaped(String(document.startedAt.prefix { $0 != "Z" }))
  }

  private var properties: [String] {
    let host = document.host
    return [
      ("verdict", document.verdict.rawValue), ("kernel", host.kernel),
      ("architecture", host.architecture), ("distribution", host.distribution ?? "unknown"),
      ("version", document.tool.version),
    ].map { #"<property name="\#($0)" value="\#(Markup.escaped($1))"/>"# }
  }

  private enum Result: String {
    case success
    case failure
    case error
    case skipped
  }

  private func result(_ check: CheckJSON.Item) -> Result {
    switch check.outcome {
    case .passed: .success
    case .failed: .failure
    case .warning: isStrict ? .failure : .skipped
    case .unknown: check.severity == .required ? .error : .skipped
    case .absent: .skipped
    }
  }

  private func testCase(_ check: CheckJSON.Item) -> String {
    let head =
      "<testcase classname=\"\(check.group.rawValue)\" name=\"\(Markup.escaped(check.id))\""
      + " time=\"\(check.durationSeconds.decimal)\""
    let result = result(check)
    let detail = Markup.escaped(check.account.joined(separator: "\n"))
    let message = Markup.escaped("\(check.outcome.rawValue): \(check.summary)")
    switch result {
    case .success:
      return head + ">\n<system-out>\(detail)</system-out>\n</testcase>"
    case .skipped:
      return head + ">\n<skipped message=\"\(message)\"/>\n"
        + "<system-out>\(detail)</system-out>\n</testcase>"
    case .failure, .error:
      return head + ">\n<\(result.rawValue) type=\"\(check.severity.rawValue)\" "
        + "message=\"\(message)\">\(detail)</\(result.rawValue)>\n</testcase>"
    }
  }
}

extension CheckJSON.Item {
  /// All there is to say, line by line.
  fileprivate var account: [String] {
    ["\(title): \(summary)"]
      + evidence.map { "\($0.source): \($0.answer)" }
      + (cause.map { ["why: \($0)"] } ?? [])
      + remedies.map { "do: \($0.text)" + ($0.command.map { ": \($0)" } ?? "") }
  }
}

extension Double {
  /// Seconds with six decimals, whatever their size: `0.000091`.
  fileprivate var decimal: String {
    let micros = UInt64((max(0, self) * 1e6).rounded())
    let fraction = String(micros % 1_000_000)
    return "\(micros / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }
}
