import ArgumentParser
import XFRMConfig

/// `xfrmctl status`
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show which configuration is in force, and what of the kernel is ours.",
    usage: "xfrmctl status [--json] [options]",
    discussion: """
      Examples:
        xfrmctl status
        xfrmctl status --namespace red --json
      """)

  @OptionGroup var place: ManagerOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let manager = try place.manager()
    let status: Status
    do throws(ManagerFailure) { status = try manager.status() } catch {
      throw Failure(error)
    }
    if json { return try JSONOutput.print(StatusJSON(status)) }
    try Terminal.print(lines(status).joined(separator: "\n"))
  }

  private func lines(_ status: Status) -> [String] {
    var lines: [String] = []
    func command(_ words: String) -> String { Text.command(words, in: place.namespace) }
    func tell(_ label: String, _ text: String) {
      lines += Text.wrap(text, width: 66).enumerated().map { index, line in
        Text.pad(index == 0 ? label : "", 14) + line
      }
    }
    if let id = status.committed {
      let entry = status.inForce
      tell(
        "in force",
        (entry?.configuration.guardsOnly == true ? "the guards of " : "") + "configuration #\(id)"
          + (entry.map { " of \($0.configuration.file)" }
            ?? ", which is not in the history any more"))
      if let entry { tell("since", Text.time(entry.time, now: WallClock.now)) }
    } else {
      tell("in force", "no configuration")
    }
    if let pending = status.pending {
      let time = Text.time(pending.time)
      let left = Text.duration(pending.secondsLeft)
      tell(
        "unconfirmed",
        "configuration #\(pending.configuration) goes back to \(pending.recovery.goalName) "
          + (pending.isOver ? "now" : "at \(time), in \(left), without \(command("confirm"))"))
    }
    if let recovery = status.recovery {
      tell(
        "unfinished",
        "a run was cut short; \(command("recover")) goes \(recovery.isForward ? "on" : "back") to "
          + recovery.goalName)
    }
    for (connection, use) in status.rotations {
      let phase = use.phase?.rawValue ?? ""
      let next = use.phase?.next?.rawValue ?? ""
      tell(
        "rotating",
        "\(connection): \(use), \(phase) done; next: "
          + command("rotate \(connection) --phase \(next)")
      )
    }
    for wear in status.wear { tell("warning", "\(wear)") }
    let counts = [
      (status.policies, "policies"), (status.associations, "SAs"),
      (status.interfaces, "interfaces"), (status.routes, "routes"),
    ]
    tell("ours", counts.map { "\(Text.count($0.0)) \($0.1)" }.joined(separator: ", "))
    for foreign in status.foreign {
      tell(
        "not ours",
        "\(foreign.owner): \(Text.count(foreign.associations)) SAs, "
          + "\(Text.count(foreign.policies)) policies")
    }
    return lines
  }
}

/// `xfrmctl status --json`
struct StatusJSON: Encodable {
  struct Unfinished: Encodable {
    /// `forward` or `back`
    var direction: String
    var configuration: String?
  }

  struct Unconfirmed: Encodable {
    var configuration: String
    /// By the time of day that it is now.
    var confirmBefore: String
    var secondsLeft: UInt64
    /// Absent if it goes back to none.
    var goesBackTo: String?
    /// Whether it can be confirmed.
    var isReady: Bool
  }

  struct Foreign: Encodable {
    var owner: String
    var associations: Int
    var policies: Int
  }

  struct Rotation: Encodable {
    var connection: String
    /// The generation that packets are sent with.
    var generation: UInt32
    var other: UInt32?
    /// Done last: `inbound` or `outbound`
    var phase: String?
  }

  struct Wear: Encodable {
    var object: String
    /// `bytes`, `packets`, `age`, `use` or `sequence-numbers`
    var limit: String
    /// `soft` or `hard`
    var kind: String
    var percent: Int
    var remedy: String
  }

  var version = 1
  var configuration: String?
  var file: String?
  /// Whether only its guards are.
  var guardsOnly: Bool?
  var appliedAt: String?
  var unfinished: Unfinished?
  var unconfirmed: Unconfirmed?
  var policies: Int
  var associations: Int
  var interfaces: Int
  var routes: Int
  var foreign: [Foreign]
  var rotations: [Rotation]
  var wear: [Wear]

  init(_ status: Status) {
    configuration = status.committed
    file = status.inForce?.configuration.file
    guardsOnly = status.inForce?.configuration.guardsOnly == true ? true : nil
    appliedAt = status.inForce.map { Text.time($0.time) }
    unfinished = status.recovery.map {
      Unfinished(direction: $0.isForward ? "forward" : "back", configuration: $0.goal)
    }
    unconfirmed = status.pending.map {
      Unconfirmed(
        configuration: $0.configuration, confirmBefore: Text.time($0.time),
        secondsLeft: $0.secondsLeft, goesBackTo: $0.recovery.goal,
        isReady: $0.isVerified)
    }
    policies = status.policies
    associations = status.associations
    interfaces = status.interfaces
    routes = status.routes
    rotations = status.rotations.map {
      Rotation(
        connection: $0.connection, generation: $0.use.current, other: $0.use.other,
        phase: $0.use.phase?.rawValue)
    }
    wear = status.wear.map {
      Wear(
        object: "\($0.object)", limit: $0.limit.rawValue, kind: $0.isSoft ? "soft" : "hard",
        percent: $0.percent, remedy: $0.remedy)
    }
    foreign = status.foreign.map {
      Foreign(owner: $0.owner, associations: $0.associations, policies: $0.policies)
    }
  }
}
