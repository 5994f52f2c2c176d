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
      try Terminal.print(Self.lines(found).joined(separator: "\n"))
    }
    if exitCode, !found.isEmpty { throw ExitStatus.different.code }
  }

  /// What was found, in columns; a name that is too long for its own has a line to itself.
  static func lines(_ found: [Drift]) -> [String] {
    let width = min(34, found.map(\.object.count).max() ?? 0)
    return found.flatMap { drift in
      let kind = Text.pad(drift.kind.rawValue, 11)
      let isLong = drift.object.count > width
      let explanation = Text.wrap(drift.explanation, width: 80 - 15 - width)
      let rest = explanation.enumerated().map { index, line in
        let isFirst = index == 0 && !isLong
        return Text.pad(isFirst ? "\(kind)  \(drift.object)" : "", 13 + width) + "  \(line)"
      }
      return isLong ? ["\(kind)  \(drift.object)"] + rest : rest
    }
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
