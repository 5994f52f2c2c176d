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
