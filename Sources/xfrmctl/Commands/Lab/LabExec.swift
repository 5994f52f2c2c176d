import ArgumentParser
import Glibc
import XFRMKit
import XFRMLab

/// `xfrmctl lab exec`
struct LabExec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a program on a node of a lab.",
    usage: "xfrmctl lab exec [--lab <lab>] <node> -- <program> [<argument> ...]",
    discussion: """
      The program is in the node's network namespace, and in everything else where
      this command is. Its exit status is this command's. It may dump core as if it
      had been started without xfrmctl. What still runs when the lab is taken down
      is ended.

      Examples:
        xfrmctl lab exec gateway-a -- xfrmctl state
        xfrmctl lab exec --lab test host-a -- ping -c 3 10.2.0.2

      Exit status: the program's; or without one 1 if it cannot be run, 64 if
      there are several labs and none is named, 65 if there is no such lab or
      node, 75 if the lab is still being built, 77 without root.
      """)

  @Option(
    help: ArgumentHelp("Which lab; the only one if it is missing.", valueName: "lab"),
    completion: LabChoice.completion)
  var lab: String?

  @Argument(
    help: ArgumentHelp("Where.", valueName: "node"),
    completion: .custom { _, _, _ in RunningLab.all().flatMap(\.nodes) })
  var node: String

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("What to run, behind “--”.", valueName: "program"))
  var command: [String] = []

  func validate() throws {
    if command.isEmpty { throw ValidationError("name a program, behind “--”") }
  }

  func run() throws {
    let chosen = try LabChoice.lab(lab)
    let namespace: NetworkNamespace
    do throws(LabError) { namespace = try chosen.namespace(of: node) } catch {
      throw Failure(error)
    }
    let command = command
    // The thread in the namespace becomes the program, and the process with it: that is to be as if
    // it had been started where this command was.
    let errno = try namespace.run { () -> SystemErrno in
      CoreDumps.allow()
      // Sound: words and pointers outlive the call, and a null pointer stands behind the words.
      var words = unsafe command.map { unsafe strdup($0) } + [nil]
      _ = unsafe execvp(command[0], &words)
      return .current
    }
    throw Failure("cannot run \(command[0]): \(errno)", .failed)
  }
}
