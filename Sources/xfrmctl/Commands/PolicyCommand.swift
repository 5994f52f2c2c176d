import ArgumentParser
import XFRMKit

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Security policies in the kernel.",
    discussion: """
      Examples:
        xfrmctl policy            list them
        xfrmctl policy list --json
      """,
    subcommands: [
      List.self, Add.self, Update.self, Delete.self, DeleteAll.self, Flush.self, Set.self,
      SetDefault.self,
    ], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every security policy.",
      discussion: """
        Examples:
          xfrmctl policy list
          xfrmctl policy list --netns blue --json
        """)

    @OptionGroup var namespace: NamespaceOption

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
      var xfrm = try namespace.connect()
      let policies: [Policy]
      do { policies = try xfrm.policies() } catch { throw Failure(error) }
      if json {
        try JSONOutput.print(PolicyListJSON(policies))
      } else if policies.isEmpty {
        try Terminal.print("No policies.")
      } else {
        try Terminal.print(policies.map(\.block).joined(separator: "\n\n"))
      }
    }
  }
}
