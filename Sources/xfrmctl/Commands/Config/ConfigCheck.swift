import ArgumentParser
import XFRMConfig

/// `xfrmctl config check`
struct ConfigCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find out whether a configuration is right, and if not, where.",
    usage: "xfrmctl config check [<file>] [--strict] [--json] [options]",
    discussion: """
      Tells of every error with its place and what is allowed there; up to 50
      at once. Keys need not be there yet.

      Examples:
        xfrmctl config check
        xfrmctl config check site.yaml --host gw-paris
        xfrmctl config check site.yaml --set proposal=aes128gcm16 --json

      Exit status: 0 if there is no error, 2 if there are warnings (--strict),
      65 if there are errors.
      """)

  @OptionGroup var options: ConfigOptions

  @Flag(help: "Let warnings count: exit status 2.")
  var strict = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let loaded = options.read()
    let expansion = loaded.configuration?.expanded(PendingBundles())
    let findings = loaded.diagnostics + (expansion?.findings ?? [])
    let isValid = expansion?.isUsable ?? false
    if json {
      try JSONOutput.print(
        ConfigCheckJSON(
          findings, omittedErrors: loaded.omittedErrors + (expansion?.omittedErrors ?? 0),
          expansion,
          isValid: isValid))
    } else {
      DiagnosticReport(loaded, expansion).print(findings)
      if isValid, let state = expansion?.state {
        try Terminal.print(
          "\(options.file): no errors; \(Text.count(state.policies.count)) policies, "
            + "\(Text.count(state.associations.count)) SAs")
      }
    }
    guard isValid else { throw ExitStatus.invalidInput.code }
    if strict, !findings.isEmpty { throw ExitStatus.readyWithWarnings.code }
  }
}

/// `xfrmctl config check --json`
struct ConfigCheckJSON: Encodable {
  struct Finding: Encodable {
    var severity: String
    var file: String
    /// Counted from 1.
    var line: Int
    /// Counted from 1.
    var column: Int
    var message: String
    var help: String?
  }

  var version = 1
  var valid: Bool
  var findings: [Finding]
  /// Errors that are not among them.
  var omittedErrors: Int
  var policies: Int?
  var associations: Int?
  var watermarks: [String]

  init(
    _ findings: [Diagnostic], omittedErrors: Int, _ expansion: Expansion?, isValid: Bool
  ) {
    valid = isValid
    self.findings = findings.map {
      Finding(
        severity: $0.severity.rawValue, file: $0.span.file, line: $0.span.start.line + 1,
        column: $0.span.start.column + 1, message: $0.message, help: $0.help)
    }
    self.omittedErrors = omittedErrors
    policies = isValid ? expansion?.state.policies.count : nil
    associations = isValid ? expansion?.state.associations.count : nil
    watermarks = expansion?.state.watermarks ?? []
  }
}
