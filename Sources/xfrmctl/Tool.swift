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

      Exit status:
        0   done; check: READY          64  wrong usage
        1   failed                      69  this kernel lacks what it takes
        2   READY with warnings         70  internal error
        3   NOT READY                   77  no permission
        4   could not be decided
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
