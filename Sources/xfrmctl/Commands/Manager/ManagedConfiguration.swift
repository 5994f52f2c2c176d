import ArgumentParser
import XFRMConfig
import XFRMKit

/// A configuration that is to be planned or applied, and what it comes to.
struct ManagedConfiguration {
  var recorded: RecordedConfiguration
  var state: DesiredState
  /// Of a saved plan.
  var saved: SavedPlan?

  /// Reads a configuration, and tells of what is wrong with it.
  ///
  /// - Parameter guardsOnly: Whether only its guards are meant.
  init(_ options: ConfigOptions, _ keys: KeyDirectory, guardsOnly: Bool = false) throws {
    let loaded = options.read()
    let recorded = RecordedConfiguration(
      file: options.file, host: options.variables.chosenHost,
      variables: options.variables.variables,
      texts: loaded.sources, guardsOnly: guardsOnly)
    try self.init(recorded, loaded, keys)
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

  /// The guards of a configuration; if that cannot be used, of the one that was applied last, since
  /// a mistake in a file must not open what was closed.
  init(guardsOf options: ConfigOptions, _ place: ManagerOptions) throws {
    do {
      try self.init(options, place.keys, guardsOnly: true)
    } catch let code as ExitCode where code == ExitStatus.invalidInput.code {
      let history = try place.manager().history
      var last: RecordedConfiguration?
      do throws(StoreProblem) { last = try history.entries().last?.configuration } catch {
        throw Failure(error)
      }
      guard var last else { throw code }
      last.guardsOnly = true
      try self.init(last, place.keys)
      Terminal.complain(
        "\(options.file) cannot be used; these are the guards of what was applied last")
    }
  }

  /// One that was recorded.
  init(_ recorded: RecordedConfiguration, _ keys: KeyDirectory) throws {
    try self.init(recorded, recorded.load(), keys)
  }

  private init(
    _ recorded: RecordedConfiguration, _ loaded: LoadedConfiguration, _ keys: KeyDirectory
  ) throws {
    self.recorded = recorded
    guard recorded.guardsOnly else {
      state = try ConfigOptions.expand(loaded, StoredBundles(keys)).2.state
      return
    }
    // Guards hold whether there are keys or not.
    state = try ConfigOptions.expand(loaded, PendingBundles()).2.state.guardsOnly
  }
}
