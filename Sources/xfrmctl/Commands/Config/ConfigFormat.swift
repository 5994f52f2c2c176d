import ArgumentParser
import XFRMConfig

/// `xfrmctl config format`
struct ConfigFormat: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Lay a configuration out anew, with its comments.",
    discussion: """
      Prints the file in the usual layout: indented by two, one key a line,
      quotation marks as they are. What would lose a comment or a value is
      refused. JSON becomes YAML.

      Examples:
        xfrmctl config format site.yaml
        xfrmctl config format site.yaml --check

      Exit status: 0, 2 if the layout is another one (--check), 65 if the file
      cannot be read or formatted.
      """)

  @Argument(
    help: ArgumentHelp("The configuration.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var file = ConfigOptions.usualPath

  @Flag(help: "Print nothing, and tell by exit status whether it is laid out so.")
  var check = false

  func run() throws {
    let bytes: [UInt8]
    do throws(ConfigurationFiles.Unreadable) {
      bytes = try ConfigurationFiles.content(of: file)
    } catch {
      throw Failure("cannot read \(file): \(error.reason)", .invalidInput)
    }
    switch YAMLFormatter.format(bytes, of: file) {
    case .success(let text):
      if !check {
        try Terminal.write(Array(text.utf8))
      } else if Array(text.utf8) != bytes {
        Terminal.complain("\(file) is laid out otherwise; see xfrmctl config format \(file)")
        throw ExitStatus.readyWithWarnings.code
      }
    case .failure(let findings):
      DiagnosticReport([file: String(decoding: bytes, as: UTF8.self)])
        .print(findings.diagnostics)
      throw ExitStatus.invalidInput.code
    }
  }
}
