import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMLab

/// A namespace that the manager looks after: in this process, or as the program that it is.
struct ManagedGateway {
  /// A configuration, and what it comes to.
  struct Applicable {
    var recorded: RecordedConfiguration
    var state: DesiredState

    var path: String { recorded.file }
  }

  let tool: PrivateTool
  let manager: Manager
  let folder: TemporaryFolder

  init(_ node: Node) throws {
    tool = try PrivateTool(in: node.namespace)
    // In memory, as /run is: a busy disk would make the wait for it the longest part.
    folder = try TemporaryFolder(in: "/dev/shm")
    manager = try Manager(
      in: node.namespace, runFolder: folder.file("run"), stateFolder: folder.file("state"))
  }

  /// The options that lead the program to the same journal.
  var folders: String {
    "--run-dir \(folder.file("run")) --state-dir \(folder.file("state"))"
  }

  private var keys: KeyDirectory { KeyDirectory(folder.file("state/keys")) }

  /// Reads a configuration, and leaves it in a file for the program.
  func configuration(_ name: String, _ text: String) throws -> Applicable {
    try folder.write(Array(text.utf8), to: name)
    let path = folder.file(name)
    let recorded = RecordedConfiguration(
      file: path, host: "", variables: [:], texts: [path: text])
    let loaded = recorded.load()
    let configuration = try #require(loaded.configuration, "\(loaded.diagnostics)")
    let expansion = configuration.expanded(try StoredBundles(keys))
    try #require(expansion.isUsable, "\(expansion.findings)")
    return Applicable(recorded: recorded, state: expansion.state)
  }

  /// Makes the kernel so, without waiting for packets that are under way.
  ///
  /// - Parameters:
  ///   - configuration: How.
  ///   - entries: Those that may let packets be seen in clear.
  @discardableResult
  func apply(
    _ configuration: Applicable, allowing entries: Set<String> = []
  ) throws -> PreparedPlan {
    var options = PlanOptions()
    options.drain = .zero
    options.cleartextAllowed = entries
    return try manager.apply(
      configuration.recorded, configuration.state, options: options,
      keys: KeyResolver(keys).key)
  }

  /// Fetches the key of an SA.
  var key: Manager.Keys { KeyResolver(keys).key }

  /// What of it is not as it was applied.
  func drift(from configuration: Applicable) throws -> [Drift] {
    try manager.drift(from: configuration.state, keys: KeyResolver(keys).key)
  }

  /// Lets the program do something, which has to succeed.
  @discardableResult
  func run(_ line: String) async throws -> String {
    let outcome = try await tool.run("\(line) \(folders)")
    try #require(outcome.status == 0, "\(line): \(outcome.output)\(outcome.complaint)")
    return outcome.output
  }
}

extension PreparedPlan {
  /// How many policies that were there were replaced by it.
  var replacements: Int {
    plan.steps.count { step in
      if case .replacePolicy = step.action { true } else { false }
    }
  }
}
