import ArgumentParser
import IPRoute2
import XFRMConfig

/// `xfrmctl import`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a configuration of what another program has printed.",
    usage: "xfrmctl import --from <form> [<file>] [--keys-in <folder>]",
    discussion: """
      Reads a file, or stdin, and prints a configuration. Nothing of it touches
      the kernel. What cannot be taken over stands in comments at its head.
      Keys are never printed, though the text may have them: entries refer to
      files, which are yours to make. Forms:

        ip-xfrm        ip -s xfrm state; ip -s xfrm policy (-s tells lifetimes)
        swanctl-sas    swanctl --list-sas of strongSwan
        ietf-ikeless   JSON as RFC 9061 and RFC 7951 have it

      Examples:
        ip -s xfrm state | xfrmctl import --from ip-xfrm
        swanctl --list-sas | xfrmctl import --from swanctl-sas -
        xfrmctl import --from ietf-ikeless site.json > site.yaml

      Exit status: 0, 65 if the text cannot be read or swanctl's has no
      CHILD_SA.
      """)

  @Option(
    help: ArgumentHelp("ip-xfrm, swanctl-sas or ietf-ikeless.", valueName: "form"))
  var from: ImportForm

  @Option(
    help: ArgumentHelp("Where the files with keys are going to be.", valueName: "folder"),
    completion: .directory)
  var keysIn = Exchange.usualKeyFolder

  @Argument(
    help: ArgumentHelp("The text; - (the default) is stdin.", valueName: "file"),
    completion: .file())
  var file = "-"

  func validate() throws { try KeyFolder.validate(keysIn, of: "--keys-in") }

  func run() throws {
    let bytes: [UInt8]
    do throws(IPFailure) { bytes = try InputFile(file, atMost: IPListing.mostBytes).bytes } catch {
      throw Failure(error.text, .invalidInput)
    }
    let name = file == "-" ? "stdin" : file
    let imported: ImportedExchange
    switch from {
    case .ipXFRM: return try printConfiguration(try listed(bytes, name))
    case .swanctlSAs: imported = Swanctl.read(bytes, of: name, keyFolder: keysIn)
    case .ietfIKEless: imported = IKEless.read(bytes, of: name, keyFolder: keysIn)
    }
    DiagnosticReport(imported.sources, omittedErrors: imported.omittedErrors)
      .print(imported.diagnostics)
    guard let exchange = imported.exchange else { throw ExitStatus.invalidInput.code }
    try printConfiguration(exchange)
  }

  /// What `ip xfrm` printed. It lists the newest first.
  private func listed(_ bytes: [UInt8], _ name: String) throws -> Exchange {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(name) is no text in UTF-8", .invalidInput)
    }
    do throws(ListingError) {
      let listing = try IPListing(text, context: .live)
      if listing.hidesKeys {
        Terminal.warn(
          "the text hides keys, and with them how long they are: SAs with them are left out")
      }
      return Exchange(
        associations: listing.associations.reversed(), policies: listing.policies.reversed(),
        keyFolder: keysIn)
    } catch {
      // Without the line: it may have a key.
      throw Failure(
        "\(name):\(error.line + 1):\(error.column + 1): \(error.expected) is expected here",
        .invalidInput)
    }
  }

  private func printConfiguration(_ exchange: Exchange) throws {
    try Terminal.write(Array(ExchangeText(exchange, from: from.rawValue).text.utf8))
  }
}

/// What is imported.
enum ImportForm: String, ExpressibleByArgument, CaseIterable {
  case ipXFRM = "ip-xfrm"
  case swanctlSAs = "swanctl-sas"
  case ietfIKEless = "ietf-ikeless"
}
