import ArgumentParser

/// `xfrmctl check report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Put the reports of many hosts beside each other, the worst first.",
    discussion: """
      Reads what xfrmctl check --json wrote on each host; - reads one from
      stdin. Where hosts differ comes first.

      Examples:
        xfrmctl check report *.json >matrix.html
        xfrmctl check report a.json b.json --format markdown

      Exit status:
        0   written                           64  wrong usage
        1   the report cannot be written      65  a file is not such a report
      """)

  @Argument(
    help: ArgumentHelp("What xfrmctl check --json wrote on a host.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var files: [String]

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case html
    case markdown
    case json
  }

  @Option(help: ArgumentHelp("How to print it; html unless told.", valueName: "format"))
  var format: Format?

  /// Takes options of its own wherever they stand, and so what is meant for ``format``.
  @ParentCommand var check: Check

  func validate() throws {
    if check.isAboutThisHost {
      throw ValidationError("report goes with --format and --json, and with no other option")
    }
    _ = try chosenFormat
  }

  func run() throws {
    var documents: [CheckJSON] = []
    for file in files { documents.append(try ReportFile.read(file)) }
    let matrix = Matrix(documents)
    switch try chosenFormat {
    case .html: try Terminal.print(MatrixHTML(matrix).text)
    case .markdown: try Terminal.print(MatrixMarkdown(matrix).text)
    case .json: try JSONOutput.print(MatrixJSON(matrix))
    }
  }

  private var chosenFormat: Format {
    get throws {
      if check.json { return .json }
      guard let name = check.format?.rawValue else { return format ?? .html }
      guard let chosen = Format(rawValue: name) else {
        throw ValidationError("report takes the formats html, markdown and json")
      }
      return chosen
    }
  }
}
