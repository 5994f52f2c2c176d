import ArgumentParser
import XFRMConfig

/// `xfrmctl config schema`
struct ConfigSchema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of configurations.",
    discussion: """
      Editors complete and check YAML with it, and tell what a key means.

      Example:
        xfrmctl config schema > config.schema.json
      """)

  func run() throws { try Terminal.write(Array(ConfigurationSchema.json.utf8)) }
}
