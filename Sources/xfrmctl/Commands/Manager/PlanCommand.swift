import ArgumentParser
import XFRMConfig

/// `xfrmctl plan`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what apply would do, and do nothing.",
    usage: "xfrmctl plan [<file>] [--out <file>] [--exit-code] [--json] [options]",
    discussion: """
      Holds a configuration against the kernel and prints every step on the
      way, in order: what, why, and what packets notice of it. What is not
      ours is counted and left alone. What apply would refuse, as a key was
      used before, it warns of. A saved plan has the configuration in it, and
      no keys.

      Examples:
        xfrmctl plan site.yaml
        xfrmctl plan site.yaml --out site.plan && xfrmctl apply site.plan
        xfrmctl plan --exit-code --json
        xfrmctl plan site.yaml --reverse

      Exit status: 0, 1 if there is no plan, 2 if there is something to do
      (--exit-code), 65 if the configuration has errors, 73 if the plan cannot
      be saved (--out), 75 if another one has to be confirmed first
      (--reverse).
      """)

  @OptionGroup var options: ConfigOptions
  @OptionGroup var place: ManagerOptions
  @OptionGroup var allowance: CleartextOption

  @Option(
    help: ArgumentHelp("Save the plan for apply.", valueName: "file"), completion: .file())
  var out: String?

  @Flag(help: "Show the way back from that configuration to the one in force.")
  var reverse = false

  @Flag(help: "Tell by exit status whether there is something to do.")
  var exitCode = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if reverse, out != nil { throw ValidationError("a plan with --reverse cannot be saved") }
  }

  func run() throws {
    let configuration = try ManagedConfiguration(options, place)
    let planOptions = allowance.options
    let manager = try place.manager(configuration.state.namespace)
    let prepared: PreparedPlan
    let fetch = configuration.keys.key
    var shown = configuration
    do {
      if reverse {
        shown = try ManagedConfiguration(inForce: manager, place.keys)
        prepared = try manager.reversePlan(
          from: configuration.state, to: shown.state, options: planOptions, keys: fetch)
      } else {
        prepared = try manager.plan(configuration.state, options: planOptions, keys: fetch)
      }
    } catch let failure as ManagerFailure {
      throw Failure(failure, in: place.namespace ?? configuration.state.namespace)
    }
    func document(isSaved: Bool) -> [UInt8] {
      Array(
        prepared.json(
          of: shown.recorded, shown.state, planOptions, isSaved: isSaved
        ).utf8)
    }
    // Nobody else can read it: it shows how this host is protected.
    if let out { try OutputFile.write(document(isSaved: true), to: out, permissions: 0o600) }
    if json {
      try Terminal.write(document(isSaved: false))
    } else {
      try Terminal.print(PlanReport(prepared: prepared, configuration: shown).text)
    }
    if exitCode, !prepared.plan.isEmpty { throw ExitStatus.different.code }
  }
}

/// Which entries may let packets be seen in clear.
struct CleartextOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let packets of this connection or entry be seen in clear from now on; more than one may "
        + "be given.", valueName: "name"))
  var allowCleartext: [String] = []

  var options: PlanOptions {
    var options = PlanOptions()
    options.cleartextAllowed = Set(allowCleartext)
    return options
  }
}
