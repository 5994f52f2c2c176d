import ArgumentParser
import HostReadiness

/// `xfrmctl check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out whether this host can run kernel IPsec, and if not, why.",
    discussion: """
      Asks the kernel to do it, in a private network namespace: security
      associations are added, read back and removed. The kernel may load
      modules for that.

      Examples:
        xfrmctl check
        xfrmctl check --load      load what is missing first (as root)
        xfrmctl check --undo      take that out again
        xfrmctl check --no-load   only what loads no module
        xfrmctl check --json
        xfrmctl check --explain 'netlink error: Protocol not supported (93)'
        journalctl -u strongswan | xfrmctl check --explain -

      Exit status:
        0   READY; of --explain: something is known of the text
        1   the report cannot be written      64  wrong usage
        2   READY with warnings (--strict)    65  --explain knows nothing of it
        3   NOT READY                         70  internal error
        4   could not be decided
      """)

  @OptionGroup var loading: LoadingOptions

  @Flag(help: "Let warnings count: exit status 2.")
  var strict = false

  @Flag(name: .shortAndLong, help: "Show the evidence for what passed, too.")
  var verbose = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Explain a check, an errno or a line of a log; - reads a log from stdin.",
      valueName: "text"))
  var explain: String?

  func validate() throws {
    if explain != nil, loading.isUsed || strict || verbose {
      throw ValidationError("--explain goes with --json and with no other option")
    }
    if loading.undo, strict || verbose {
      throw ValidationError("--undo goes with --json and with no other option")
    }
  }

  func run() throws {
    if let explain { return try Recognition.explain(explain, json: json) }
    if loading.undo { return try undo() }
    Privilege.enterUserNamespaceIfPossible()
    Terminal.progress(
      loading.load ? "Loading modules and asking the kernel" : "Asking the kernel")
    var options = CheckOptions()
    options.loadsModules = !loading.noLoad
    let loaded =
      loading.load ? ModuleLoader.load(options: options, persisting: loading.persist) : nil
    let report = loaded?.report ?? HostReadiness.check(options: options)
    Terminal.endProgress()
    if json {
      try JSONOutput.print(CheckJSON(report, loaded))
    } else {
      try Terminal.print(CheckReport(report, loaded, isVerbose: verbose).text)
    }
    let status = ExitStatus(report.verdict, isStrict: strict)
    if status != .done { throw status.code }
  }

  private func undo() throws {
    let report = ModuleLoader.undo()
    if json {
      try JSONOutput.print(UndoJSON(report))
    } else {
      try Terminal.print(UndoText(report).text)
    }
    if !report.isDone { throw ExitStatus.failed.code }
  }
}

extension ExitStatus {
  init(_ verdict: Verdict, isStrict: Bool) {
    self =
      switch verdict {
      case .ready: .done
      case .readyWithWarnings: isStrict ? .readyWithWarnings : .done
      case .notReady: .notReady
      case .unknown: .undecided
      }
  }
}
