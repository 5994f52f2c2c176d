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
  init(_ recorded: RecordedConfiguration, _ keys: KeyDirectory) throws {
    self.recorded = recorded
    let (_, _, expansion) = try ConfigOptions.expand(recorded.load(), StoredBundles(keys))
    state = expansion.state
  }
}
