import ArgumentParser
import XFRMConfig

/// `xfrmctl config show`
struct ConfigShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what a configuration says, or what it comes to.",
    usage: "xfrmctl config show [<file>] [--expanded] [--json] [options]",
    discussion: """
      Prints all files as one, with the values of variables and with defaults:
      a configuration again. With --expanded it prints the entries that
      connections become, in the words of RFC 9061, and the policies, SAs,
      interfaces, routes and settings that the kernel gets. Keys are shown as
      references only. SPIs that are still to be made are pending.

      Examples:
        xfrmctl config show site.yaml
        xfrmctl config show site.yaml --expanded
        xfrmctl config show site.yaml --expanded --json
      """)

  @OptionGroup var options: ConfigOptions

  @Flag(help: "Show the entries that connections become, and the kernel's objects.")
  var expanded = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let (loaded, _, expansion) = try options.load()
    guard let resolved = loaded.resolved else { return }
    let tree = expanded ? expansion.tree : resolved
    try Terminal.write(Array((json ? YAMLWriter.json(tree) + "\n" : YAMLWriter.text(tree)).utf8))
  }
}
