import ArgumentParser
import XFRMConfig
import XFRMKit

/// `xfrmctl rotate`
struct RotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Go on to the newest keys of connections, without losing a packet.",
    usage: "xfrmctl rotate [<connection> ...] [--phase <phase>] [--json] [options]",
    discussion: """
      The keys are those that `xfrmctl keys new` made; both ends must have
      them. There are three phases, each to be done at both ends before the
      next begins at either:

        inbound   take in what is sent with the new keys, too
        outbound  send with the new keys
        retire    once nothing is under way any more, let the old ones go

      A phase that is done already does nothing. In between, `apply` leaves
      a connection where it is. Without --phase the three are done one after
      another: for that the other end must have done inbound, and do
      outbound within the grace, or packets are lost. --local-pair does both
      ends in the right order, makes the keys, and takes the connections
      that both have.

      Examples:
        xfrmctl rotate berlin-paris --phase inbound
        xfrmctl rotate --phase retire --grace 5s
        xfrmctl rotate --local-pair red blue --peer-state-dir /var/lib/blue

      Exit status: 0, 1 if it stopped or another phase comes first, 5 if what
      it put there was not as asked and it went back, 65 if the configuration
      has errors or no such connection, 75 if another process is at work.
      """)

  @Argument(
    help: ArgumentHelp("Which (default: all with generated keys).", valueName: "connection"),
    completion: KeyDirectoryOption.connections)
  var connections: [String] = []

  @Option(
    help: ArgumentHelp("inbound, outbound or retire (default: all).", valueName: "phase"),
    completion: .list(RotationPhase.allCases.map(\.rawValue)), transform: Self.phase)
  var phase: RotationPhase?

  @Option(
    help: ArgumentHelp(
      "How long packets may be under way: old keys stay that long after the last one sent with "
        + "them. (default: 2s)",
      valueName: "time"), transform: TimeSpan.typed)
  var grace = TimeSpan(.seconds(2))

  @Option(
    help: ArgumentHelp(
      "The configuration, with all that is changed there (default: the one in force).",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var config: String?

  @OptionGroup var variables: VariableOptions
  @OptionGroup var place: ManagerOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Both ends, in two network namespaces, each by name, process number or path.",
      valueName: "namespace"))
  var localPair: [String] = []

  @Option(
    help: ArgumentHelp(
      "The --state-dir of the second of --local-pair.", valueName: "folder"),
    completion: .directory)
  var peerStateDir: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if localPair.isEmpty {
      if peerStateDir != nil { throw ValidationError("--peer-state-dir goes with --local-pair") }
      return
    }
    guard localPair.count == 2 else {
      throw ValidationError("--local-pair takes two namespaces; name connections before it")
    }
    guard let peerStateDir, peerStateDir != place.stateDir else {
      throw ValidationError(
        "--local-pair takes --peer-state-dir, another folder than --state-dir: the keys of both "
          + "ends have the same names")
    }
    if phase != nil || config != nil || place.namespace != nil {
      throw ValidationError(
        "--local-pair does all phases of what is in force in its namespaces; leave --phase, "
          + "--config and --namespace out")
    }
  }

  func run() throws {
    if !localPair.isEmpty { return try rotatePair() }
    var end = try end()
    let names = try end.names(connections)
    let before = end.uses
    let prepared = try end.rotate(names, phase, grace: grace.duration) { prepared, configuration in
      if json { return }
      try Terminal.print(PlanReport(prepared: prepared, configuration: configuration).text)
    }
    let report = RotationReport(end, names, before, steps: prepared.plan.steps.count)
    if json { return try JSONOutput.print(RotationJSON([report])) }
    try Terminal.print("\n" + report.lines.joined(separator: "\n"))
  }

  private static func phase(_ text: String) throws -> RotationPhase {
    guard let phase = RotationPhase(rawValue: text) else {
      throw ValidationError("there is no phase “\(text)”: inbound, outbound or retire")
    }
    return phase
  }

  private func end() throws -> RotationEnd {
    guard let config else {
      return try RotationEnd(place.settledManager(), place.keys, place.namespace)
    }
    let configuration = try ManagedConfiguration(config, variables, place, isToChange: true)
    return try RotationEnd(
      place.settledManager(configuration.state.namespace), place.keys,
      place.namespace ?? configuration.state.namespace, configuration)
  }

  private func rotatePair() throws {
    guard let peerStateDir else { return }
    var pair = try LocalPair(
      try RotationEnd(named: localPair[0], runFolder: place.runDir, stateFolder: place.stateDir),
      try RotationEnd(named: localPair[1], runFolder: place.runDir, stateFolder: peerStateDir),
      connections)
    let reports = try pair.rotate(grace: grace.duration) { phase, end, steps in
      if json { return }
      let done = steps == 0 ? "nothing to do" : "\(Text.count(steps)) steps"
      try Terminal.print("\(Text.pad(phase.rawValue, 8))  \(end.label ?? "")  \(done)")
    }
    if json { return try JSONOutput.print(RotationJSON(reports)) }
    try Terminal.print(reports[0].lines.joined(separator: "\n"))
  }
}
