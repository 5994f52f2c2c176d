import ArgumentParser

/// `xfrmctl explain`
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain what the databases make of something.",
    discussion: """
      Nothing is sent, and nothing is changed.

      Example:
        xfrmctl explain packet 10.1.0.2 10.2.0.2 udp 5000 53
      """,
    subcommands: [ExplainPacket.self])
}
