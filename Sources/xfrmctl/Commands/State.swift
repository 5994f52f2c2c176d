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
      abstract: "List every security association. Keys are never shown.",
      discussion: """
        Examples:
          xfrmctl state list
          xfrmctl state list --netns blue --json
        """)

    @OptionGroup var namespace: NamespaceOption

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
      var xfrm = try namespace.connect()
      let associations: [SecurityAssociation]
      do { associations = try xfrm.associations() } catch { throw Failure(error) }
      if json {
        try JSONOutput.print(AssociationListJSON(associations))
      } else if associations.isEmpty {
        try Terminal.print("No security associations.")
      } else {
        try Terminal.print(associations.map(\.block).joined(separator: "\n\n"))
      }
    }
  }
}
