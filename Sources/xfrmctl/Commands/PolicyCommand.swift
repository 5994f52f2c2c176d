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
      usage: "xfrmctl policy list [<options>]",
      discussion: """
        Examples:
          xfrmctl policy list
          xfrmctl policy list --netns blue --json
          xfrmctl policy list --tsv --fields direction,selector,priority
        """)

    @OptionGroup var namespace: NamespaceOption

    @OptionGroup var options: ListOptions

    func run() throws {
      let output = try options.output(of: Policy.self, keys: KeyDisplay())
      var xfrm = try namespace.connect()
      do {
        let policies = try xfrm.policies()
        // Only people are told which SAs a policy would use.
        let associations = output.form == nil ? try xfrm.associations() : nil
        try output.print(policies) { sorted in
          PolicyListing(policies, associations: associations, now: Timestamp.now.seconds)
            .text(sorted)
        }
      } catch let error as XFRMError {
        throw Failure(error)
      }
    }
  }
}
