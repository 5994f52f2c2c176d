import ArgumentParser
import XFRMConfig

/// `xfrmctl apply`
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Make the kernel as a configuration has it.",
    usage: "xfrmctl apply [<file>] [--guards] [--json] [options]",
    discussion: """
      Carries a plan out: guards first, then SAs, policies each replaced in
      one step, and what is old last. After each step every packet is treated
      as before, as it is to be, or dropped. What is not ours stays as it is.
      If the kernel is so already nothing is done. A run that was cut short
      is finished by the next.

      The file is a configuration, or a plan that `xfrmctl plan --out` saved,
      which is refused if the kernel has changed since.

      With --guards nothing is protected yet: what is to be is dropped, and
      what may pass in clear does. That takes no keys and no network, so it
      comes first at boot; where more is in force already it does nothing. If
      the file has errors it takes the configuration that was applied last.

      Examples:
        xfrmctl apply site.yaml
        xfrmctl apply site.plan
        xfrmctl apply --allow-cleartext berlin-paris
        xfrmctl apply --guards

      Exit status: 0, 1 if it stopped or there is no plan, 65 if the
      configuration has errors, 73 if the journal cannot be written, 75 if
      another process is at work or a saved plan is out of date.
      """)

  @OptionGroup var options: ConfigOptions
  @OptionGroup var place: ManagerOptions
  @OptionGroup var allowance: CleartextOption

  @Flag(help: "Only drop what is to be protected.")
  var guards = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let configuration =
      try guards
      ? ManagedConfiguration(guardsOf: options, place)
      : ManagedConfiguration(orPlan: options, place)
    let saved = configuration.saved
    var planOptions = allowance.options
    if let saved { planOptions.cleartextAllowed = saved.cleartextAllowed }
    let manager = try place.manager(configuration.state.namespace)
    var failure: Failure?
    let prepared: PreparedPlan
    do throws(ManagerFailure) {
      prepared = try manager.apply(
        configuration.recorded, configuration.state, options: planOptions,
        expecting: saved?.marks, from: configuration.origin, keys: KeyResolver(place.keys).key
      ) { prepared in
        if json { return }
        let report = PlanReport(prepared: prepared, configuration: configuration)
        do throws(Failure) { try Terminal.print(report.text) } catch { failure = error }
      } progress: { done in
        Terminal.progress("\(Text.count(done)) steps done")
      }
      Terminal.endProgress()
    } catch {
      Terminal.endProgress()
      throw Failure(error)
    }
    if let failure { throw failure }
    if json {
      let text = prepared.json(
        of: configuration.recorded, configuration.state, planOptions, isSaved: false)
      try Terminal.write(Array(text.utf8))
    } else if !prepared.plan.isEmpty {
      try Terminal.print(
        "\nApplied: \(guards ? "the guards of " : "")configuration "
          + "#\(configuration.recorded.id) \(guards ? "are" : "is") in force.")
    }
  }
}
