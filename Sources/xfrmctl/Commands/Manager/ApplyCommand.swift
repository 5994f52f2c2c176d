import ArgumentParser
import XFRMConfig

/// `xfrmctl apply`
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make the kernel as a configuration has it.",
    usage: "xfrmctl apply [<file>] [--confirm <time>] [--guards] [options]",
    discussion: """
      Carries a plan out: guards first, then SAs, policies each replaced in
      one step, and what is old last. After each step every packet is treated
      as before, as it is to be, or dropped. What is not ours stays as it is.
      If the kernel is so already nothing is done. A run that was cut short
      is finished by the next.

      The file is a configuration, or a plan that `xfrmctl plan --out` saved,
      which is refused if the kernel has changed since.

      With --guards nothing is protected yet: what is to be is dropped, and
      what may pass in clear does. That takes no keys, no ledger and no
      network, so it comes first at boot; where more is in force already it
      does nothing. If the file has errors, or cannot be read, it takes the
      configuration that was applied there last, and confirmed if it was on
      trial. If the history cannot be written guards are there all the same.

      A key that was used before is refused before the first step: after a
      reboot generated keys are, and both ends go on to new ones.

      Examples:
        xfrmctl apply site.yaml
        xfrmctl apply site.plan
        xfrmctl apply --allow-cleartext berlin-paris
        xfrmctl apply --guards
        xfrmctl apply site.yaml --confirm 120s && ssh … xfrmctl confirm

      With --confirm old SAs, interfaces and routes stay until
      `xfrmctl confirm`, and all else is as it will be. If that does not come
      in time the kernel goes back, whatever has become of this command, its
      terminal and its session.

      Exit status: 0, 1 if it stopped, there is no plan or a key was used
      before, 5 if what it put there was not as asked and it went back, 65 if
      the configuration has errors, 69 if it stopped as this kernel lacks what
      it takes, 73 if the journal, the ledger or the history cannot be
      written, 75 if another process is at work, another configuration has to
      be confirmed first or a saved plan is out of date, 77 without privilege.
      """)

  @OptionGroup var options: ConfigOptions
  @OptionGroup var place: ManagerOptions
  @OptionGroup var allowance: CleartextOption

  @Option(
    help: ArgumentHelp(
      "Go back unless `xfrmctl confirm` comes within that time: 90s, 2m, 1h.",
      valueName: "time"), transform: TimeSpan.typed)
  var confirm: TimeSpan?

  @Flag(help: "Only drop what is to be protected.")
  var guards = false

  @Flag(help: "Do not read back what was put there.")
  var noVerify = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if confirm?.duration == .zero { throw ValidationError("--confirm takes a time above 0") }
  }

  func run() throws {
    let configuration =
      try guards
      ? ManagedConfiguration(guardsOf: options, place)
      : ManagedConfiguration(orPlan: options, place)
    let saved = configuration.saved
    var planOptions = allowance.options
    if let saved { planOptions.cleartextAllowed = saved.cleartextAllowed }
    planOptions.isVerified = !noVerify
    let manager = try place.settledManager(configuration.state.namespace)
    let namespace = place.namespace ?? configuration.state.namespace
    if confirm != nil { try checkWayBack(manager, namespace) }
    let trial = confirm.map { confirm in
      Trial(for: confirm.duration) { (pending) throws(HostProblem) in
        try GuardProcess.start(pending, place, in: namespace)
      }
    }
    var failure: Failure?
    let clock = ContinuousClock()
    var began = clock.now
    let prepared: PreparedPlan
    do throws(ManagerFailure) {
      prepared = try manager.apply(
        configuration.recorded, configuration.state, options: planOptions,
        expecting: saved?.marks, from: configuration.origin, trial: trial,
        keys: configuration.keys.key
      ) { prepared in
        defer { began = clock.now }
        if json { return }
        let report = PlanReport(prepared: prepared, configuration: configuration)
        do throws(Failure) { try Terminal.print(report.text) } catch { failure = error }
      } progress: { done in
        Terminal.progress("\(Text.count(done)) steps done")
      }
      Terminal.endProgress()
    } catch {
      Terminal.endProgress()
      throw manager.leadBack(from: error, place.keys, isTrial: confirm != nil, in: namespace)
    }
    let took = clock.now - began
    if let failure { throw failure }
    if json {
      let text = prepared.json(
        of: configuration.recorded, configuration.state, planOptions, isSaved: false)
      try Terminal.write(Array(text.utf8))
    } else if !prepared.plan.isEmpty {
      let what = "\(guards ? "the guards of " : "")configuration #\(configuration.recorded.id)"
      let pending = confirm == nil ? nil : (try? manager.pending()) ?? nil
      let text = "Applied in \(took.seconds): \(what) \(guards ? "are" : "is") in force"
      try Terminal.print("\n" + Self.ending(text, pending, namespace))
    }
  }

  /// Makes sure that there is something to go back to, before anything else is in force.
  private func checkWayBack(_ manager: Manager, _ namespace: String?) throws {
    do {
      _ = try ManagedConfiguration(inForce: manager, place.keys, isQuiet: true)
    } catch ManagerFailure.unknownConfiguration(let id) {
      throw Failure(
        "configuration #\(id), which is in force, is not in the history any more, so there would be "
          + "no way back from a trial: apply that one by its file first, or this one without "
          + "--confirm", .failed)
    } catch let failure as ManagerFailure {
      throw Failure(failure, in: namespace)
    }
  }

  static func ending(_ what: String, _ pending: Pending?, _ namespace: String?) -> String {
    guard let pending else { return "\(what)." }
    let text =
      "\(what); all goes back to \(pending.recovery.goalName) at "
      + "\(Text.time(pending.time)) unless it is confirmed:"
    return (Text.wrap(text, width: 80) + [Text.command("confirm", in: namespace)])
      .joined(separator: "\n")
  }
}
