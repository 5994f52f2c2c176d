import ArgumentParser
import XFRMConfig

/// `xfrmctl drift`
struct DriftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Find out what of ours is not as it was applied.",
    usage: "xfrmctl drift [<file>] [--exit-code] [--json] [options]",
    discussion: """
      Holds the kernel against the journal and the configuration in force,
      also if that waits to be confirmed. Applying it again mends what is
      found. Only an SA that is gone, and whose key must not be used again,
      takes newer keys first; `xfrmctl plan` warns of it, and apply begins
      nothing then. It tells, too, if nothing is in force there, or guards
      alone.

      Of a file that is named nothing counts but the network namespace that
      it is for: there it looks.

      Examples:
        xfrmctl drift
        xfrmctl drift --exit-code || xfrmctl apply
        xfrmctl drift --exit-code /etc/xfrmctl/config.yaml

      Exit status: 0, or 2 if something was found or nothing is in force
      (--exit-code).
      """)

  @Argument(
    help: ArgumentHelp(
      "A configuration whose network namespace is looked at; the caller's without.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var file: String?

  @OptionGroup var variables: VariableOptions
  @OptionGroup var place: ManagerOptions

  @Flag(help: "Tell by exit status whether something was found.")
  var exitCode = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let namespace = place.namespace ?? configuredNamespace
    let manager = try place.manager(namespace)
    let found: [Drift]
    let inForce: InForceWord
    do {
      let configuration = try ManagedConfiguration(inForce: manager, place.keys)
      inForce = InForceWord(configuration.recorded)
      found = try manager.drift(from: configuration.state, keys: configuration.keys.key)
    } catch let failure as ManagerFailure {
      throw Failure(failure, in: namespace)
    }
    if json {
      try JSONOutput.print(DriftJSON(found, inForce))
    } else {
      let lines = Self.lines(found) + inForce.lines(hasDrift: !found.isEmpty, in: namespace)
      try Terminal.print(lines.joined(separator: "\n"))
    }
    if exitCode, !found.isEmpty || inForce == .nothing { throw ExitStatus.different.code }
  }

  /// That of a file which was named; `nil` for the caller's. What is wrong with a file is nothing
  /// that has changed in the kernel.
  private var configuredNamespace: String? {
    guard let file, place.namespace == nil else { return nil }
    guard let configuration = variables.read(file, isLenient: true).configuration else {
      Terminal.complain("\(file) cannot be used; this network namespace is looked at")
      return nil
    }
    return configuration.namespace
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

extension DriftCommand {
  /// What the kernel is held against.
  enum InForceWord: String, Encodable {
    case nothing
    case guards
    case configuration

    /// - Parameter recorded: As it is in force; without any text for none.
    init(_ recorded: RecordedConfiguration) {
      self = recorded.texts.isEmpty ? .nothing : recorded.guardsOnly ? .guards : .configuration
    }

    /// What is told besides what was found.
    ///
    /// - Parameters:
    ///   - hasDrift: Whether something was.
    ///   - namespace: The named network namespace that it is about.
    func lines(hasDrift: Bool, in namespace: String?) -> [String] {
      let place = namespace.map { "in network namespace \($0)" } ?? "here"
      let apply = Text.command("apply", in: namespace)
      let text =
        switch self {
        case .configuration: hasDrift ? "" : "no drift: everything is as it was applied"
        case .guards:
          (hasDrift ? "" : "no drift: the guards are as they were applied; ")
            + "guards alone are in force \(place), and what is to be protected is dropped: "
            + "\(apply) protects it"
        case .nothing:
          "nothing is in force \(place), so that there is nothing to hold the kernel against: "
            + "\(apply), or say where it was applied, with -n or --run-dir"
        }
      return text.isEmpty ? [] : Text.wrap(text, width: 80)
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
  var inForce: DriftCommand.InForceWord
  var findings: [Finding]

  init(_ found: [Drift], _ inForce: DriftCommand.InForceWord) {
    self.inForce = inForce
    findings = found.map {
      Finding(kind: $0.kind.rawValue, object: $0.object, explanation: $0.explanation)
    }
  }
}
