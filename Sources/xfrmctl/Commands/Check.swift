import ArgumentParser
import HostReadiness
import XFRMKit

/// `xfrmctl check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out whether this host can run kernel IPsec, and if not, why.",
    usage: """
      xfrmctl check [--profile <name|file>] [--load] [--live] [options]
      xfrmctl check report <file> ... [--format <format>]
      """,
    discussion: """
      Asks the kernel to do it, in a private network namespace: security
      associations are added, read back and removed. The kernel may load
      modules for that.

      --profile says what the host is held against: minimal (SAs and policies
      that somebody sets up by hand), gateway (tunnels between networks),
      strongswan, algo (a server of Algo VPN), libreswan, or a file of your own
      with lines such as "base gateway", "require xfrm.esp6.*", "recommend",
      "optional" or "skip" with checks behind it, "proposal aes256gcm16":
      docs/CHECKS.md, which --list --format markdown prints, shows one.

      Examples:
        xfrmctl check
        xfrmctl check --load      load what is missing first (as root)
        xfrmctl check --undo      take that out again
        xfrmctl check --no-load   only what loads no module
        xfrmctl check --profile strongswan -v
        xfrmctl check --live --bench
        xfrmctl check --json >$(hostname).json
        xfrmctl check --root /mnt/image --format markdown
        xfrmctl check --explain 'netlink error: Protocol not supported (93)'
        journalctl -u strongswan | xfrmctl check --explain -
        xfrmctl check report *.json >matrix.html

      Exit status:
        0   READY; of --explain: something is known of the text
        1   the report cannot be written      64  wrong usage
        2   READY with warnings (--strict)    65  invalid input; nothing is known
        3   NOT READY                         70  internal error
        4   could not be decided
      """,
    subcommands: [ReportCommand.self])

  @Option(
    help: ArgumentHelp(
      "What to hold the host against: a use, or a file of your own.", valueName: "name|file"),
    completion: profileCompletion)
  var profile = Use.minimal.rawValue

  @OptionGroup var loading: LoadingOptions

  @Flag(help: "Send packets through tunnels between private network namespaces, too.")
  var live = false

  @Flag(help: "With --live, measure what ciphers get through on this host.")
  var bench = false

  @Flag(help: "With --live, require a tunnel with IPComp, too.")
  var ipcomp = false

  @Flag(help: "Let warnings count: exit status 2.")
  var strict = false

  @Flag(name: .shortAndLong, help: "Show every check on its own, and the evidence.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Show only what matters and did not pass, and the verdict.")
  var quiet = false

  @Flag(help: "Print one JSON object, as --format json does.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "How to print the report: text, json, junit, html, markdown, or legacy (the lines that "
        + "the grep script of guides prints).", valueName: "format"),
    completion: .list(CheckFormat.allCases.map(\.rawValue)),
    transform: CheckFormat.init(argument:))
  var format: CheckFormat?

  @Option(
    help: ArgumentHelp(
      "Judge the system in this folder, such as an unpacked image; its kernel is asked nothing.",
      valueName: "dir"), completion: .directory)
  var root = "/"

  @Option(
    help: ArgumentHelp("With --root: the kernel to judge it for.", valueName: "release"))
  var kernel: String?

  @Flag(help: "List all checks, and how much each matters under the profile.")
  var list = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Explain a check, an errno or a line of a log; - reads a log from stdin.",
      valueName: "text"))
  var explain: String?

  func validate() throws {
    if explain != nil,
      changesOrSends || strict || verbose || quiet || list || isImage || format != nil
    {
      throw ValidationError("--explain goes with --json and --profile, and with no other option")
    }
    if list, changesOrSends || strict || verbose || quiet || isImage {
      throw ValidationError("--list goes with --profile and a format, and with no other option")
    }
    if list, ![.text, .json, .markdown].contains(chosenFormat) {
      throw ValidationError("--list takes the formats text, json and markdown")
    }
    if quiet, verbose { throw ValidationError("--quiet and --verbose cannot be used together") }
    if json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) cannot be used together")
    }
    if isImage, let option = loading.option ?? (live ? "--live" : nil) {
      throw ValidationError("--root and \(option) cannot be used together")
    }
    if kernel != nil, !isImage { throw ValidationError("--kernel takes --root with it") }
    if bench || ipcomp, !live {
      throw ValidationError("\(bench ? "--bench" : "--ipcomp") goes with --live")
    }
    if live, loading.noLoad {
      throw ValidationError("--live and --no-load cannot be used together")
    }
    if loading.undo, strict || verbose || quiet || live || format != nil {
      throw ValidationError("--undo goes with --json and with no other option")
    }
  }

  func run() throws {
    let options = try checkOptions()
    if let explain { return try Recognition.explain(explain, json: json, options: options) }
    if list { return try CheckList(options.profile).print(chosenFormat) }
    if loading.undo { return try undo() }
    let startedAt = Timestamp.now
    let progress = PatientProgress(loading.load ? "Loading and asking" : "Asking the kernel")
    let loaded =
      loading.load
      ? ModuleLoader.load(options: options, persisting: loading.persist, progress: progress.tell)
      : nil
    let report = loaded?.report ?? HostReadiness.check(options: options, progress: progress.tell)
    progress.end()
    let output = CheckOutput(
      report, loaded, options, startedAt: startedAt, isStrict: strict,
      detail: verbose ? .verbose : quiet ? .quiet : .usual)
    try Terminal.print(output.text(chosenFormat))
    let status = ExitStatus(report.verdict, isStrict: strict)
    if status != .done { throw status.code }
  }

  private var isImage: Bool { root != "/" }

  private var changesOrSends: Bool { loading.option != nil || live || bench || ipcomp }

  private var chosenFormat: CheckFormat { json ? .json : format ?? .text }

  /// Whether anything is said that a report of many hosts has no use for.
  var isAboutThisHost: Bool {
    changesOrSends || strict || verbose || quiet || list || isImage || explain != nil
      || profile != Use.minimal.rawValue
  }

  private func checkOptions() throws(Failure) -> CheckOptions {
    var options = CheckOptions()
    options.profile = try Profile(argument: profile)
    options.loadsModules = !loading.noLoad
    options.sendsTraffic = live
    options.measuresThroughput = bench
    if ipcomp { options.profile.rules.append(Profile.Rule("live.ipcomp", .required)) }
    if isImage {
      guard FileNames.isFolder(root) else { throw Failure("\(root) is no folder", .invalidInput) }
      options.root = root
      options.kernelRelease = kernel
    } else if !list, !loading.undo {
      options.caller = .readyToProbe()
    }
    return options
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
