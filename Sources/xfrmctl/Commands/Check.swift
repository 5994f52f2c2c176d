import ArgumentParser
import HostReadiness

/// `xfrmctl check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out whether this host can run kernel IPsec, and if not, why.",
    discussion: """
      Asks the kernel to do it, in a private network namespace: security associations are added,
      read back and removed. The kernel may load modules for that.

      Examples:
        xfrmctl check
        xfrmctl check --load      load what is missing first (as root)
        xfrmctl check --json

      Exit status:
        0   READY                             4   could not be decided
        1   the report cannot be written      64  wrong usage
        2   READY with warnings (--strict)    70  internal error
        3   NOT READY
      """)

  @Flag(help: "Load missing modules through modprobe; what is blocked stays out.")
  var load = false

  @Flag(help: "Let warnings count: exit status 2.")
  var strict = false

  @Flag(name: .shortAndLong, help: "Show the evidence for what passed, too.")
  var verbose = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    Privilege.enterUserNamespaceIfPossible()
    Terminal.progress(load ? "Loading modules and asking the kernel" : "Asking the kernel")
    let loaded = load ? ModuleLoader.load() : nil
    let report = loaded?.report ?? HostReadiness.check()
    Terminal.endProgress()
    if json {
      try JSONOutput.print(CheckJSON(report, loaded))
    } else {
      try Terminal.print(CheckReport(report, loaded, isVerbose: verbose).text)
    }
    let status = ExitStatus(report.verdict, isStrict: strict)
    if status != .done { throw status.code }
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
