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
        xfrmctl state            the security associations in the kernel
        xfrmctl policy add …     in the words of ip xfrm
        xfrmctl monitor          what happens to them
        xfrmctl ip xfrm …        just what ip does
        xfrmctl config check     is a configuration right?
        xfrmctl keys new …       make the keys of a connection
        xfrmctl apply            make the kernel agree with it
        xfrmctl rotate           go on to new keys
        xfrmctl export           write down what the kernel has
        xfrmctl doctor           why do packets not get through?
        xfrmctl statistics       how many were dropped, and why
        xfrmctl explain packet … which policy and SA would it hit?
        xfrmctl lab demo         see a tunnel at work, between private namespaces
        xfrmctl lab up …         a network for tests, kept while it runs
        xfrmctl bench            what ESP gets through on this machine

      Exit status:
        0   done                        65  invalid input
        1   failed                      69  this kernel lacks what it takes
        2   warnings, or a difference   70  internal error
        3   check: NOT READY            73  cannot write state or journal
        4   check: undecided            75  busy, or moved since the plan
        5   rolled back by itself       77  no permission
        64  wrong usage
      """,
    version: "xfrmctl \(toolVersion)",
    subcommands: [
      Check.self, State.self, PolicyCommand.self, Monitor.self, BatchCommand.self,
      ConfigCommand.self, KeysCommand.self, PlanCommand.self, ApplyCommand.self,
      ConfirmCommand.self, RollbackCommand.self, RotateCommand.self, RecoverCommand.self,
      StatusCommand.self, DriftCommand.self, HistoryCommand.self, ExportCommand.self,
      ImportCommand.self, DoctorCommand.self, StatisticsCommand.self, ExplainCommand.self,
      IPWords.self, Lab.self, BenchCommand.self, GuardCommand.self,
    ])

  /// Runs the command; a failure is one line and a documented exit status.
  static func main() {
    // A reader that goes away (`| head`) is no error of ours.
    signal(SIGPIPE, SIG_DFL)
    CoreDumps.forbid()
    // Before all that only the other commands need: scripts start it over and over.
    if CommandLine.arguments.dropFirst().first == "ip" {
      Glibc.exit(IPTool.run(Array(CommandLine.arguments.dropFirst(2))))
    }
    var arguments = Array(CommandLine.arguments.dropFirst())
    do {
      arguments = try Abbreviations.expanded(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      Terminal.complain(failure.description)
      exit(withError: failure.status.code)
    } catch let status as ExitCode {
      exit(withError: status)
    } catch  where exitCode(for: error) == .success {
      exit(withError: error)  // Help or the version was asked for.
    } catch  where exitCode(for: error) == .validationFailure {
      Terminal.complain(WrongUsage(arguments).text(message(for: error)))
      exit(withError: ExitStatus.usage.code)
    } catch {
      Terminal.complain("internal error: \(error)")
      exit(withError: ExitStatus.internalError.code)
    }
  }
}

let toolVersion = "0.1.0"
