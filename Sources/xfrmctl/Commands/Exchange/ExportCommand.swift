import ArgumentParser
import XFRMConfig
import XFRMKit

/// `xfrmctl export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write down what the kernel has, as a configuration.",
    usage: "xfrmctl export [--ours | --foreign] [--keys-to <folder>] [options]\n"
      + "xfrmctl export --to ietf-ikeless [<file>] [--lossy] [options]",
    discussion: """
      Prints all SAs and policies of the network namespace as entries of spd
      and sad, which xfrmctl config check accepts. What a configuration has no
      words for stands in comments at its head. Keys are never printed: entries
      refer to files, which --keys-to writes for those that may be installed
      again. Keys of counter modes (GCM, CCM, CTR, ChaCha) may not.

      With --to ietf-ikeless it prints JSON as RFC 9061 and RFC 7951 have it,
      of the kernel or of a configuration, without keys. What would be lost,
      such as default-action, is listed and refused, unless --lossy is given.

      Examples:
        xfrmctl export > kernel.yaml
        xfrmctl export --foreign -n blue
        xfrmctl export --keys-to /etc/xfrmctl/keys > kernel.yaml
        xfrmctl export --to ietf-ikeless site.yaml

      Exit status: 0, 65 if something would be lost or the configuration has
      errors, 73 if a key cannot be written.
      """)

  @Argument(
    help: ArgumentHelp("A configuration, instead of the kernel.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var file: String?

  @Flag(help: "Only what this manager put there, by its journal.")
  var ours = false

  @Flag(help: "Only what others put there.")
  var foreign = false

  @Option(help: ArgumentHelp("Print another form: ietf-ikeless.", valueName: "form"))
  var to: ExportForm?

  @Flag(help: "Leave out what the form has no words for.")
  var lossy = false

  @Option(
    help: ArgumentHelp("Write keys into files in here, mode 0600.", valueName: "folder"),
    completion: .directory)
  var keysTo: String?

  @OptionGroup var variables: VariableOptions
  @OptionGroup var place: ManagerOptions

  func validate() throws {
    if ours, foreign { throw ValidationError("--ours and --foreign cannot be used together") }
    if file != nil, to == nil { throw ValidationError("a file takes --to; it is a configuration") }
    if file != nil, ours || foreign {
      throw ValidationError("--ours and --foreign are about the kernel, and not about a file")
    }
    if lossy, to == nil { throw ValidationError("--lossy takes --to") }
    if keysTo != nil, to != nil { throw ValidationError("--keys-to is for configurations") }
    if let keysTo { try KeyFolder.validate(keysTo, of: "--keys-to") }
  }

  func run() throws {
    if let file {
      let (loaded, _) = try variables.load(file)
      let (_, configuration, expansion) = try ConfigOptions.expand(loaded, place.keys.bundles())
      return try printDocument(
        IKEless.document(
          policies: expansion.policies, associations: expansion.associations,
          defaultActions: configuration.defaultActions,
          settings: configuration.settings.map(\.entry)))
    }
    let exchange = try kernel()
    guard to == nil else {
      // That all else passes is what a kernel does unless it is told otherwise.
      let actions = exchange.defaultActions.flatMap { $0.outgoing == .block ? $0 : nil }
      return try printDocument(
        IKEless.document(
          policies: exchange.policies, associations: exchange.associations, defaultActions: actions),
        exchange.losses)
    }
    if exchange.hidesKeys {
      Terminal.warn("the kernel hides the keys of its SAs, as under lockdown")
    }
    if keysTo != nil { try writeKeys(exchange) }
    try Terminal.write(Array(ExchangeText(exchange, from: "the kernel").text.utf8))
  }

  private func kernel() throws(Failure) -> Exchange {
    let manager = try place.manager()
    do throws(ManagerFailure) {
      return try manager.export(
        ours ? .ours : foreign ? .foreign : .all, keyFolder: keysTo ?? Exchange.usualKeyFolder)
    } catch {
      throw Failure(error)
    }
  }

  private func writeKeys(_ exchange: Exchange) throws(Failure) {
    let report: Exchange.KeyReport
    do throws(StoreProblem) { report = try exchange.writeKeys() } catch { throw Failure(error) }
    let reasons = [
      (report.written, "keys written into \(keysTo ?? "")"),
      (report.withheld, "not written, as keys of counter modes must not be installed twice"),
      (report.hidden, "not written, as the kernel hides them"),
    ]
    for (names, reason) in reasons where !names.isEmpty {
      Terminal.warn("\(reason): \(names.joined(separator: ", "))")
    }
  }

  private func printDocument(
    _ document: (tree: YAMLNode, losses: [Exchange.Loss]), _ earlier: [Exchange.Loss] = []
  ) throws {
    let (tree, losses) = document
    let all = earlier + losses
    if !all.isEmpty {
      Terminal.warn(ExchangeText.list(all, prefix: "").joined(separator: "\n"))
    }
    guard all.isEmpty || lossy else {
      throw Failure(
        "RFC 9061 has no words for this, and nothing was printed; --lossy leaves it out",
        .invalidInput)
    }
    try Terminal.write(Array((YAMLWriter.json(tree) + "\n").utf8))
  }
}

/// A form that is exported besides configurations.
enum ExportForm: String, ExpressibleByArgument, CaseIterable {
  case ietfIKEless = "ietf-ikeless"
}
