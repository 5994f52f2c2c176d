import ArgumentParser

extension PolicyCommand {
  struct Add: ChangeCommand {
    static let verb = ["policy", "add"]
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a policy.",
      usage: "xfrmctl policy add [options] <words> ...",
      discussion: """
        One with the same selector, direction, type, mark and interface ID must
        not exist.

        Examples:
          xfrmctl policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out \\
          tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel reqid 1
          xfrmctl policy add src 10.0.0.0/8 dir out action block priority 9000
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Update: ChangeCommand {
    static let verb = ["policy", "update"]
    static let configuration = CommandConfiguration(
      commandName: "update", abstract: "Replace a policy in one step, or add it.",
      usage: "xfrmctl policy update [options] <words> ...",
      discussion: """
        At no moment is there none: no packet leaves unprotected meanwhile.

        Examples:
          xfrmctl policy update src 10.1.0.0/16 dst 10.2.0.0/16 dir out \\
          priority 5 tmpl src 192.0.2.1 dst 192.0.2.2 proto esp \\
          mode tunnel reqid 2
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Delete: ChangeCommand {
    static let verb = ["policy", "delete"]
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete one policy.",
      usage: "xfrmctl policy delete [options] <words> ...",
      discussion: """
        Examples:
          xfrmctl policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out
          xfrmctl policy delete index 17 dir out
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Set: ChangeCommand {
    static let verb = ["policy", "set"]
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Say from which prefix lengths on policies are found by hash.",
      usage: "xfrmctl policy set [options] <words> ...",
      discussion: """
        Examples:
          xfrmctl policy set hthresh4 24 24 hthresh6 64 64
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct SetDefault: ChangeCommand {
    static let verb = ["policy", "setdefault"]
    static let configuration = CommandConfiguration(
      commandName: "setdefault", abstract: "Say what becomes of packets that no policy matches.",
      usage: "xfrmctl policy setdefault [options] <words> ...",
      discussion: """
        Examples:
          xfrmctl policy setdefault out block
        """)

    @OptionGroup var options: ChangeOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }
}
