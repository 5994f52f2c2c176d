import ArgumentParser
import Glibc

@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xfrmctl",
    abstract: "Kernel-side IPsec (XFRM) on Linux.",
    discussion: """
      Examples:
        xfrmctl check            can this host run kernel IPsec?
        xfrmctl state list       the security associations in the kernel
        xfrmctl lab demo         see a tunnel at work, between private namespaces

      Exit status: 0 done or READY, 1 failed, 2 READY with warnings (--strict), 3 NOT READY,
      4 undecided, 64 usage, 69 not in this kernel, 70 internal error, 77 no permission.
      """,
    version: "xfrmctl \(toolVersion)",
    subcommands: [Check.self, State.self, PolicyCommand.self, Lab.self])

  /// Runs the command; a failure is one line and a documented exit status.
  static func main() {
    // A reader that goes away (`| head`) is no error of ours.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      Terminal.complain(failure.description)
      exit(withError: failure.status.code)
    } catch {
      exit(withError: error)
    }
  }
}

let toolVersion = "0.1.0"
