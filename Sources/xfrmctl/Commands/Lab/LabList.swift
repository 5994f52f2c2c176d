import ArgumentParser
import XFRMLab

/// `xfrmctl lab list`
struct LabList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the labs that there are.",
    discussion: """
      Those that processes of this user hold.

      Examples:
        xfrmctl lab list
        xfrmctl lab list --json
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let labs = RunningLab.all()
    if json { return try JSONOutput.print(LabListJSON(labs)) }
    guard !labs.isEmpty else { return try Terminal.print("there is no lab of this user") }
    let width = max(4, labs.map(\.name.count).max() ?? 0) + 2
    try Terminal.print(Text.pad("name", width) + "process  nodes  tunnels")
    for lab in labs {
      let counts = lab.topology.map { ("\($0.machines.count)", "\($0.tunnels.count)") }
      try Terminal.print(
        Text.pad(lab.name, width) + Text.pad("\(lab.process)", 9)
          + Text.pad(counts?.0 ?? "being built", 7) + (counts?.1 ?? ""))
    }
  }
}
