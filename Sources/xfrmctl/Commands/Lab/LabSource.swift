import ArgumentParser
import Glibc
import XFRMConfig
import XFRMLab

/// What a lab is built of: a preset, or a file.
struct LabSource: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A preset (\(Preset.allCases.map(\.rawValue).joined(separator: ", "))), or a file.",
      valueName: "preset|file"),
    completion: .list(Preset.allCases.map(\.rawValue)))
  var source: String

  @Option(help: ArgumentHelp("How many spokes hub-and-spoke has: 1 to 250.", valueName: "count"))
  var spokes = 3

  func validate() throws {
    guard Preset.spokes.contains(spokes) else { throw ValidationError("--spokes takes 1 to 250") }
  }

  /// The network, if there is nothing wrong with it.
  func topology() throws -> Topology {
    if let preset = Preset(rawValue: source) { return preset.topology(spokes: spokes) }
    let bytes: [UInt8]
    do throws(ConfigurationFiles.Unreadable) {
      bytes = try ConfigurationFiles.content(of: source)
    } catch {
      throw Failure(
        "“\(source)” is no preset, and cannot be read as a file: \(error.reason); "
          + Preset.help(for: source), .invalidInput)
    }
    let loaded = LabFile.read(bytes, of: source)
    DiagnosticReport(
      [source: String(decoding: bytes, as: UTF8.self)], omittedErrors: loaded.omittedErrors
    ).print(loaded.diagnostics)
    guard let topology = loaded.topology else { throw ExitStatus.invalidInput.code }
    return topology
  }
}

/// Which of the labs that there are.
struct LabChoice {
  /// The lab of a name, or the only one there is.
  static func lab(_ name: String?) throws(Failure) -> RunningLab {
    try requireRoot()
    let labs = RunningLab.all()
    let names = labs.map(\.name).joined(separator: ", ")
    guard let name else {
      if labs.count == 1 { return labs[0] }
      throw labs.isEmpty
        ? Failure("there is no lab; xfrmctl lab up makes one", .invalidInput)
        : Failure("there are several labs: name one of \(names)", .usage)
    }
    guard let lab = labs.first(where: { $0.name == name }) else {
      let others = labs.isEmpty ? "there are none" : "there are \(names)"
      throw Failure("there is no lab “\(name)”; \(others)", .invalidInput)
    }
    return lab
  }

  /// Nobody else has labs, or can enter one.
  static func requireRoot() throws(Failure) {
    guard geteuid() == 0 else { throw Failure("a lab takes root", .permission) }
  }

  static let completion = CompletionKind.custom { _, _, _ in RunningLab.all().map(\.name) }
}
