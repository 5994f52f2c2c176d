import ArgumentParser

/// `xfrmctl config`
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Check, lay out and show configuration files.",
    discussion: """
      A configuration says which traffic is protected how: connections, or
      entries in the words of RFC 9061. Keys are somewhere else. Nothing of
      this touches the kernel.

      Examples:
        xfrmctl config example site-to-site > site.yaml
        xfrmctl config check site.yaml
        xfrmctl config show --expanded site.yaml
      """,
    subcommands: [
      ConfigCheck.self, ConfigFormat.self, ConfigSchema.self, ConfigExample.self, ConfigShow.self,
    ])
}
