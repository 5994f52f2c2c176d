import ArgumentParser

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Security policies in the kernel.",
    discussion: """
      Words are those of ip xfrm policy, and verbs may be abbreviated as there.

      Examples:
        xfrmctl policy                       list them
        xfrmctl policy list dir out --json
        xfrmctl policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out
      """,
    subcommands: [
      List.self, Get.self, Count.self, Add.self, Update.self, Delete.self, DeleteAll.self,
      Flush.self, Set.self, SetDefault.self, GetDefault.self,
    ], defaultSubcommand: List.self)
}
