import ArgumentParser
import XFRMLab

/// `xfrmctl lab down`
struct LabDown: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract: "Take a lab down, and end what runs in it.",
    discussion: """
      Without a name it is the only lab there is. With --all one that stays does not
      keep the others.

      Examples:
        xfrmctl lab down
        xfrmctl lab down site-to-site
        xfrmctl lab down --all

      Exit status: 0, 64 if there are several and none is named, 65 if there
      is no such lab, or what runs in it is not to be ended, 75 if a process
      stays though it was killed, or others are started over and over, 77
      without root, or if a process may not be ended.
      """)

  @Argument(
    help: ArgumentHelp("Which one.", valueName: "lab"), completion: LabChoice.completion)
  var name: String?

  @Flag(help: "All that there are, be it none.")
  var all = false

  func validate() throws {
    if all, name != nil { throw ValidationError("--all takes no name") }
  }

  func run() throws {
    try LabChoice.requireRoot()
    var failures: [Failure] = []
    for lab in all ? RunningLab.all() : [try LabChoice.lab(name)] {
      do throws(LabError) { try lab.end() } catch {
        failures.append(Failure(error))
        continue
      }
      try Terminal.print("lab \(lab.name) is down")
    }
    // The others are down all the same.
    for failure in failures.dropLast() { Terminal.complain(failure.description) }
    if let failure = failures.last { throw failure }
  }
}
