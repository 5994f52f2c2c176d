import ArgumentParser
import XFRMKit

struct State: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Security associations in the kernel.",
    discussion: """
      Examples:
        xfrmctl state             list them
        xfrmctl state list --json
      """,
    subcommands: [
      List.self, Add.self, Update.self, Replace.self, AllocateSPI.self, Delete.self,
      DeleteAll.self, Flush.self, Migrate.self,
    ], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List every security association.",
      usage: "xfrmctl state list [<options>]",
      discussion: """
        A number after a key's length is a fingerprint: equal for equal keys
        within one output. Fields and their units: docs/JSON.md.

        Examples:
          xfrmctl state list
          xfrmctl state list --netns blue --json
          xfrmctl state list --tsv --fields spi,usage.bytes --sort -usage.bytes
        """)

    @OptionGroup var namespace: NamespaceOption

    @OptionGroup var options: ListOptions
    @OptionGroup var keys: KeyOptions

    func run() throws {
      let output = try options.output(of: SecurityAssociation.self, keys: keys.display())
      var xfrm = try namespace.connect()
      do {
        let associations = try xfrm.associations()
        // Only people are told who uses an SA.
        let policies = output.form == nil ? try xfrm.policies() : nil
        try output.print(associations) { sorted in
          AssociationListing(
            associations, policies: policies, keys: output.keys, now: Timestamp.now.seconds
          ).text(sorted)
        }
      } catch let error as XFRMError {
        throw Failure(error)
      }
    }
  }
}
