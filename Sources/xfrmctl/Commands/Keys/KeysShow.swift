import ArgumentParser
import XFRMConfig

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
