import ArgumentParser
import XFRMConfig

/// `xfrmctl drift`
struct DriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Find out what of ours is not as it was applied.",
    usage: "xfrmctl drift [--exit-code] [--json] [options]",
    discussion: """
      Holds the kernel against the journal and the configuration in force,
      also if that waits to be confirmed. Applying it again mends what is
      found.

      Examples:
        xfrmctl drift
        xfrmctl drift --exit-code || xfrmctl apply

      Exit status: 0, or 2 if something was found (--exit-code).
      """)

  @OptionGroup var place: ManagerOptions

  @Flag(help: "Tell by exit status whether something was found.")
  var exitCode = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let manager = try place.manager()
    let found: [Drift]
    do {
      found = try manager.drift(
        from: try ManagedConfiguration(inForce: manager, place.keys).state,
        keys: KeyResolver(place.keys).key)
    } catch let failure as ManagerFailure {
      throw Failure(failure)
    }
    if json {
      try JSONOutput.print(DriftJSON(found))
    } else if found.isEmpty {
      try Terminal.print("no drift: everything is as it was applied")
    } else {
      let width = min(34, found.map(\.object.count).max() ?? 0)
      let lines = found.map {
        "\(Text.pad($0.kind.rawValue, 11))  \(Text.pad($0.object, width))  \($0.explanation)"
      }
      try Terminal.print(lines.joined(separator: "\n"))
    }
    if exitCode, !found.isEmpty { throw ExitStatus.different.code }
  }
}

/// `xfrmctl drift --json`
struct DriftJSON: Encodable {
  struct Finding: Encodable {
    /// `missing`, `changed`, `surplus`, `orphan` or `obstructed`
    var kind: String
    var object: String
    var explanation: String
  }

  var version = 1
  var findings: [Finding]

  init(_ found: [Drift]) {
    findings = found.map {
      Finding(kind: $0.kind.rawValue, object: $0.object, explanation: $0.explanation)
    }
  }
}
