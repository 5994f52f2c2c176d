import ArgumentParser

/// `xfrmctl ip`, for help, completion and manual: ``Tool`` starts ``IPTool`` by itself, sooner than
/// any other command.
struct IPWords: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ip", abstract: "Do what ip does for xfrm objects, in its words, with its output.",
    usage: """
      xfrmctl ip [--or <program>] [--show-request] [options] xfrm <words> ...
      xfrmctl ip [--or <program>] [options] -batch <file>
      """,
    discussion: """
      For scripts that speak to ip: takes what it takes and prints what it
      prints, oddities and keys included. Options before xfrm are those of ip.
      Extras/ip is an ip made of this.

      Examples:
        xfrmctl ip xfrm state
        xfrmctl ip -s xfrm policy list dir out
        xfrmctl ip -n blue -batch policies.txt
        xfrmctl ip --show-request xfrm state flush

      Exit status:
        0   done                        2   the kernel refused it
        1   it is impossible            255 the words make no sense
      """)

  @Option(
    help: ArgumentHelp(
      "Become this program where the words, or lines of the batch, are not all about xfrm.",
      valueName: "program"))
  var or: String?

  @Flag(help: "Print the netlink request, keys included. Nothing is sent.")
  var showRequest = false

  @Argument(
    parsing: .allUnrecognized, help: ArgumentHelp("As for ip.", valueName: "words"),
    completion: wordsCompletion)
  var words: [String] = []

  static var help: String { Tool.helpMessage(for: Self.self) }

  func run() throws {
    let options = (or.map { ["--or", $0] } ?? []) + (showRequest ? ["--show-request"] : [])
    let status = IPTool.run(options + words)
    if status != 0 { throw ExitCode(status) }
  }
}
