import ArgumentParser
import XFRMConfig
import XFRMKit

/// A configuration that is to be planned or applied, and what it comes to.
struct ManagedConfiguration {
  var recorded: RecordedConfiguration
  var state: DesiredState
  /// Fetches the keys of its SAs.
  let keys: KeyResolver
  /// Of a saved plan.
  var saved: SavedPlan?
  /// The configuration that was in force when it was found out which keys are in use; empty if none
  /// was, `nil` if nobody looked.
  var origin: String?

  /// Reads a configuration, and tells of what is wrong with it. Generations of keys that are in use
  /// stay in use.
  init(
    _ options: ConfigOptions, _ place: ManagerOptions, isToChange: Bool = false
  ) throws {
    try self.init(options.file, options.variables, place, isToChange: isToChange)
  }

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - file: Where it is.
  ///   - variables: For which host.
  ///   - place: Where keys are, and where it is known which are in use.
  ///   - isToChange: Whether something is to be changed: what nobody has confirmed in time leads
  ///     back before, and is not in force then. Where there is no way back this is the way on.
  init(
    _ file: String, _ variables: VariableOptions, _ place: ManagerOptions, isToChange: Bool
  ) throws {
    let loaded = variables.read(file)
    let configuration = try VariableOptions.usable(loaded)
    let namespace = configuration.namespace
    let manager =
      try isToChange
      ? place.settledManager(namespace, hasWayOn: true) : place.manager(namespace)
    let inForce = try manager.configurationInForce()
    let bundles = try place.keys.bundles(using: inForce?.keys ?? [:])
    keys = KeyResolver(bundles)
    origin = inForce?.id ?? ""
    recorded = RecordedConfiguration(
      file: file, host: variables.chosenHost, variables: variables.variables,
      texts: loaded.sources, keys: bundles.uses(in: configuration))
    state = try ConfigOptions.expand(loaded, bundles).2.state
    state.remarks = bundles.remarks(
      on: recorded.keys, in: place.namespace ?? namespace)
    if let inForce, inForce.configuration == nil {
      state.remarks.append(
        "configuration #\(inForce.id), which is in force, is not in the history any more: what is "
          + "ours is known by the journal, and nothing leads back to it")
    }
  }

  /// Reads a configuration or a saved plan, which is to be carried out.
  init(orPlan options: ConfigOptions, _ place: ManagerOptions) throws {
    let found: SavedPlan?
    do throws(StoreProblem) { found = try SavedPlan.find(at: options.file) } catch {
      throw Failure("\(error)", .invalidInput)
    }
    // What cannot be read is told of as a configuration's fault.
    guard let saved = found else {
      try self.init(options, place, isToChange: true)
      return
    }
    try self.init(saved.configuration, place.keys)
    self.saved = saved
  }

  /// The guards of a configuration; if that cannot be used, of the one that was applied last, since
  /// a mistake in a file must not open what was closed.
  init(guardsOf options: ConfigOptions, _ place: ManagerOptions) throws {
    do {
      // What the file guards is guarded, whatever else stands in the command line.
      let loaded = options.read(isLenient: true)
      let recorded = RecordedConfiguration(
        file: options.file, host: options.variables.chosenHost,
        variables: options.variables.variables, texts: loaded.sources, guardsOnly: true)
      try self.init(recorded, loaded, place.keys)
    } catch let code as ExitCode where code == ExitStatus.invalidInput.code {
      let history = try place.manager().history
      var last: RecordedConfiguration?
      do throws(StoreProblem) {
        let file = place.namespace == nil ? options.file : nil
        last = try history.latest(of: file)?.configuration
      } catch {
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
  ///
  /// - Parameters:
  ///   - recorded: As the history has it, with the generations of keys that it uses.
  ///   - keys: Where bundles are.
  ///   - isQuiet: Whether its warnings are left out.
  init(_ recorded: RecordedConfiguration, _ keys: KeyDirectory, isQuiet: Bool = false) throws {
    try self.init(recorded, recorded.load(), keys, isQuiet: isQuiet)
  }

  /// One that was recorded, with the generations of keys that are in use now.
  ///
  /// - Parameters:
  ///   - recorded: As the history has it.
  ///   - manager: Of the namespace that it is for.
  ///   - keys: Where bundles are.
  init(
    _ recorded: RecordedConfiguration, over manager: Manager, _ keys: KeyDirectory
  ) throws {
    let inForce = try manager.configurationInForce()
    var recorded = recorded
    recorded.keys = try keys.bundles(using: inForce?.keys ?? [:])
      .uses(in: VariableOptions.usable(recorded.load()))
    try self.init(recorded, keys)
    origin = inForce?.id ?? ""
  }

  private init(
    _ recorded: RecordedConfiguration, _ loaded: LoadedConfiguration, _ keys: KeyDirectory,
    isQuiet: Bool = false
  ) throws {
    self.recorded = recorded
    guard recorded.guardsOnly else {
      let bundles = try keys.bundles(using: recorded.keys)
      self.keys = KeyResolver(bundles)
      state = try ConfigOptions.expand(loaded, bundles, isQuiet: isQuiet).2.state
      return
    }
    // Guards hold whether there are keys or not.
    self.keys = KeyResolver(keys)
    let expansion = try ConfigOptions.expand(loaded, PendingBundles(), isQuiet: isQuiet).2
    state = expansion.state.guardsOnly
  }

  /// The one in force, also if it waits to be confirmed; nothing if none is.
  ///
  /// - Parameters:
  ///   - manager: Of its network namespace.
  ///   - keys: Where bundles are.
  ///   - isQuiet: Whether its warnings are left out.
  init(inForce manager: Manager, _ keys: KeyDirectory, isQuiet: Bool = false) throws {
    guard let inForce = try manager.inForce() else {
      self.init(keys)
      return
    }
    guard let configuration = inForce.configuration else {
      throw ManagerFailure.unknownConfiguration(inForce.id)
    }
    try self.init(configuration, keys, isQuiet: isQuiet)
  }

  /// None at all.
  private init(_ keys: KeyDirectory) {
    self.keys = KeyResolver(keys)
    recorded = RecordedConfiguration(
      file: "", host: VariableOptions.hostName, variables: [:], texts: [:])
    state = DesiredState()
  }

  /// Its ID, in words.
  var name: String { recorded.texts.isEmpty ? "no configuration" : "configuration #\(recorded.id)" }
}
