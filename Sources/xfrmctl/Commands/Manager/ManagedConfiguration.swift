import XFRMConfig
import XFRMKit

/// A configuration that is to be planned or applied, and what it comes to.
struct ManagedConfiguration {
  var recorded: RecordedConfiguration
  var state: DesiredState
  /// Of a saved plan.
  var saved: SavedPlan?

  /// Reads a configuration, and tells of what is wrong with it.
  init(_ options: ConfigOptions, _ keys: KeyDirectory) throws {
    let loaded = options.read()
    let (_, _, expansion) = try ConfigOptions.expand(loaded, StoredBundles(keys))
    recorded = RecordedConfiguration(
      file: options.file, host: options.variables.chosenHost,
      variables: options.variables.variables,
      texts: loaded.sources)
    state = expansion.state
  }

  /// Reads a configuration or a saved plan.
  init(orPlan options: ConfigOptions, _ keys: KeyDirectory) throws {
    // What cannot be read is told of as a configuration's fault.
    let bytes = (try? ConfigurationFiles.content(of: options.file)) ?? []
    guard let saved = SavedPlan(bytes) else {
      try self.init(options, keys)
      return
    }
    try self.init(saved.configuration, keys)
    self.saved = saved
  }

  /// One that was recorded.
  ///
  /// - Parameters:
  ///   - recorded: As the history has it.
  ///   - keys: Where bundles are.
  ///   - generations: Which to use, by connection; of the others it is the newest.
  init(
    _ recorded: RecordedConfiguration, _ keys: KeyDirectory, _ generations: [String: UInt32] = [:]
  ) throws {
    self.recorded = recorded
    let bundles = PinnedBundles(try StoredBundles(keys), generations)
    let (_, _, expansion) = try ConfigOptions.expand(recorded.load(), bundles)
    state = expansion.state
  }

  /// The one in force; nothing if none is.
  init(inForce manager: Manager, _ keys: KeyDirectory) throws {
    guard let id = try manager.status().committed else {
      self.init()
      return
    }
    try self.init(try manager.configuration(id), keys, try manager.generations())
  }

  /// None at all.
  private init() {
    recorded = RecordedConfiguration(
      file: "", host: VariableOptions.hostName, variables: [:], texts: [:])
    state = DesiredState()
  }

  /// Its ID, in words.
  var name: String { recorded.texts.isEmpty ? "no configuration" : "configuration #\(recorded.id)" }
}
