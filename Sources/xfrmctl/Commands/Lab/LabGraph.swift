import ArgumentParser
import XFRMLab

/// `xfrmctl lab graph`
struct LabGraph: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Show a network with its addresses, policies and SAs.",
    discussion: """
      Of a lab that is up, of a preset or of a file, in this order. The file that
      --yaml prints is one that `xfrmctl lab up` takes.

      Examples:
        xfrmctl lab graph site-to-site
        xfrmctl lab graph hub-and-spoke --spokes 8 --svg > hub.svg
        xfrmctl lab graph road-warrior --yaml > mine.yaml
      """)

  @OptionGroup var source: LabSource

  @Flag(help: "Print a picture in SVG.")
  var svg = false

  @Flag(help: "Print it as a file.")
  var yaml = false

  func validate() throws {
    if svg, yaml { throw ValidationError("--svg and --yaml exclude each other") }
  }

  func run() throws {
    let running = RunningLab.all().first { $0.name == source.source }
    let topology = try running?.topology ?? source.topology()
    let unprotected = running?.unprotected ?? []
    if svg {
      try Terminal.write(Array(topology.svg(unprotected: unprotected).utf8))
    } else if yaml {
      try Terminal.write(Array(LabFile.text(topology).utf8))
    } else {
      try Terminal.print(topology.text(unprotected: unprotected))
    }
  }
}
