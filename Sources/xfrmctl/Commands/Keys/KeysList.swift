import ArgumentParser
import XFRMConfig

/// `xfrmctl keys list`
struct KeysList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the keys that are there, by connection and generation.",
    discussion: """
      Reads every bundle, and tells of those that are damaged or that others
      can read. The keys themselves are not shown.

      Examples:
        xfrmctl keys list
        xfrmctl keys list --directory ./bundles/local --json

      Exit status: 0, 1 if a bundle cannot be used.
      """)

  @OptionGroup var directory: KeyDirectoryOption

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let found = try FoundBundles(directory.value)
    if json {
      try JSONOutput.print(BundleListJSON(found.bundles, in: directory.value))
    } else if found.bundles.isEmpty, found.problems.isEmpty {
      try Terminal.print("there are no keys in \(directory.directory)")
    } else {
      for line in BundleText.table(found.bundles) { try Terminal.print(line) }
    }
    try found.complain()
  }
}

/// `xfrmctl keys show`
struct KeysShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the generations of a connection's keys: SPIs and fingerprints.",
    discussion: """
      A fingerprint stands for a key. What is in at one end is out at the other,
      with the same fingerprint; compare them to be sure that both ends have the
      same keys.

      Examples:
        xfrmctl keys show berlin-paris
        xfrmctl keys show berlin-paris --json

      Exit status: 0, 1 if a bundle cannot be used, 65 if there is none.
      """)

  @Argument(
    help: ArgumentHelp("The connection, by its name.", valueName: "connection"),
    completion: KeyDirectoryOption.connections)
  var connection: String

  @OptionGroup var directory: KeyDirectoryOption

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let found = try FoundBundles(directory.value, of: connection)
    guard !found.bundles.isEmpty || !found.problems.isEmpty else {
      throw Failure("\(connection) has no keys in \(directory.directory)", .invalidInput)
    }
    if json {
      try JSONOutput.print(BundleListJSON(found.bundles, in: directory.value))
    } else {
      for bundle in found.bundles { try Terminal.print(BundleText.block(bundle)) }
    }
    try found.complain()
  }
}

/// The bundles of a directory, and what is wrong with others.
struct FoundBundles {
  var bundles: [KeyBundleFile] = []
  var problems: [StoreProblem] = []

  /// - Parameter connection: Whose; those of all if `nil`.
  init(_ directory: KeyDirectory, of connection: String? = nil) throws(Failure) {
    let generations: [String: [UInt32]]
    do throws(StoreProblem) {
      generations = try directory.generations()
    } catch {
      throw Failure(error)
    }
    for (name, numbers) in generations.sorted(by: { $0.key < $1.key })
    where connection == nil || connection == name {
      for number in numbers {
        do throws(StoreProblem) {
          bundles.append(try directory.bundle(of: name, generation: number))
        } catch {
          problems.append(error)
        }
      }
    }
  }

  /// Tells of what is wrong.
  func complain() throws {
    for problem in problems { Terminal.complain(problem.description) }
    if let first = problems.first { throw Failure(first).status.code }
  }
}
