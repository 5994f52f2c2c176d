import ArgumentParser
import Glibc
import XFRMConfig

/// Which configuration, and for which host.
struct ConfigOptions: ParsableArguments {
  static let usualPath = "/etc/xfrmctl/config.yaml"

  @Argument(
    help: ArgumentHelp("The configuration.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var file = ConfigOptions.usualPath

  @OptionGroup var variables: VariableOptions

  /// Reads it, and tells of what is wrong.
  ///
  /// - Throws: The exit status for invalid input, after the errors were told of.
  func load() throws -> (LoadedConfiguration, Configuration, Expansion) {
    try Self.expand(read(), PendingBundles())
  }

  /// Tells of what is wrong with a configuration that was read.
  ///
  /// - Parameters:
  ///   - loaded: What was read.
  ///   - bundles: The keys of its connections.
  ///   - isQuiet: Whether warnings are for somebody else, and only what cannot be used is told of.
  /// - Throws: The exit status for invalid input, after the errors were told of.
  static func expand(
    _ loaded: LoadedConfiguration, _ bundles: some KeyBundles, isQuiet: Bool = false
  ) throws -> (LoadedConfiguration, Configuration, Expansion) {
    let configuration = try VariableOptions.usable(loaded)
    let expansion = configuration.expanded(bundles)
    if !isQuiet || !expansion.isUsable {
      DiagnosticReport(loaded, expansion).print(loaded.diagnostics + expansion.findings)
    }
    guard expansion.isUsable else { throw ExitStatus.invalidInput.code }
    return (loaded, configuration, expansion)
  }

  /// Reads it.
  ///
  /// - Parameter isLenient: Whether a value that is given to no variable is nothing to stop at.
  func read(isLenient: Bool = false) -> LoadedConfiguration {
    variables.read(file, isLenient: isLenient)
  }
}

/// For which host a configuration is read, and with which values.
struct VariableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the variables of this host of the section hosts (default: this host's name).",
      valueName: "name"))
  var host: String?

  @Option(
    help: ArgumentHelp(
      "Give a variable a value, whatever the files say; more than one may be given.",
      valueName: "name=value"))
  var set: [String] = []

  func validate() throws {
    for assignment in set where !assignment.contains("=") {
      throw ValidationError("--set takes NAME=VALUE, and not “\(assignment)”")
    }
  }

  /// Reads a configuration.
  ///
  /// - Throws: The exit status for invalid input, after the errors were told of.
  func load(_ file: String) throws -> (LoadedConfiguration, Configuration) {
    let loaded = read(file)
    return (loaded, try Self.usable(loaded))
  }

  static func usable(_ loaded: LoadedConfiguration) throws -> Configuration {
    guard let configuration = loaded.configuration else {
      DiagnosticReport(loaded).print(loaded.diagnostics)
      throw ExitStatus.invalidInput.code
    }
    return configuration
  }

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - file: Where it is.
  ///   - isLenient: Whether a value that is given to no variable is nothing to stop at.
  func read(_ file: String, isLenient: Bool = false) -> LoadedConfiguration {
    var files = ConfigurationFiles(host: chosenHost, variables: variables)
    files.refusesUnknownVariables = !isLenient
    return files.load(file)
  }

  /// The host that variables are chosen for.
  var chosenHost: String { host ?? Self.hostName }

  /// Those of the command line.
  var variables: [String: String] {
    let variables = set.map { assignment in
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
    return Dictionary(variables) { $1 }
  }

  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    // Sound: the name ends within the buffer, whose last byte stays 0.
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
