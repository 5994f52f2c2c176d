import ArgumentParser

struct State: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Security associations in the kernel.",
    discussion: """
      Words are those of ip xfrm state, verbs may be abbreviated as there, and
      sa is state.

      Examples:
        xfrmctl state                        list them
        xfrmctl state list dst 192.0.2.2 --json
        xfrmctl state delete dst 192.0.2.2 proto esp spi 0x1001
      """,
    subcommands: [
      List.self, Get.self, Count.self, Add.self, Update.self, Replace.self, AllocateSPI.self,
      Delete.self, DeleteAll.self, Flush.self, Migrate.self, Checkpoint.self,
    ], defaultSubcommand: List.self)
}
