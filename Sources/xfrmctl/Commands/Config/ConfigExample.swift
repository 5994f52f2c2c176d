import ArgumentParser
import XFRMConfig

/// `xfrmctl config example`
struct ConfigExample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "example",
    abstract: "Print a configuration to begin with.",
    discussion: """
      Without a name it lists the examples.

      Examples:
        xfrmctl config example
        xfrmctl config example site-to-site > site.yaml
      """)

  @Argument(
    help: ArgumentHelp("What it is to show.", valueName: "name"),
    completion: .list(ConfigurationExample.all.map(\.name)))
  var name: String?

  func run() throws {
    guard let name else {
      let width = ConfigurationExample.all.map(\.name.count).max() ?? 0
      return try Terminal.print(
        ConfigurationExample.all.map { Text.pad($0.name, width + 2) + $0.summary }
          .joined(separator: "\n"))
    }
    guard let example = ConfigurationExample.all.first(where: { $0.name == name }) else {
      let names = ConfigurationExample.all.map(\.name).joined(separator: ", ")
      throw Failure("there is no example “\(name)”; there are \(names)", .usage)
    }
    try Terminal.write(Array(example.text.utf8))
  }
}
