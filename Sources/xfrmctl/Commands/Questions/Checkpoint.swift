import ArgumentParser
import IPRoute2
import XFRMKit

extension State {
  /// `xfrmctl state ae`
  struct Checkpoint: GrammarCommand {
    static let verb = ["state", "ae"]
    static let configuration = CommandConfiguration(
      commandName: "ae", abstract: "Show or set how far a security association has come.",
      usage: "xfrmctl state ae [options] <words> ...",
      discussion: """
        Sequence numbers, replay window and counters at one moment, for a standby
        to go on from: ae get reads them, ae set writes them.

        Examples:
          xfrmctl state ae get dst 192.0.2.2 proto esp spi 0x1001 --json
          xfrmctl state ae set dst 192.0.2.2 proto esp spi 0x1001 replay-oseq 5000
        """)

    @OptionGroup var options: ChangeOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []

    func run() throws {
      let command = try parsed(options.namespace).command
      if options.onlyTells { return try ChangeReport(command, options).print() }
      var xfrm = try options.namespace.connect()
      let answer: CommandAnswer
      do throws(XFRMError) { answer = try xfrm.carryOut(command) } catch { throw Failure(error) }
      guard case .checkpoint(let checkpoint) = answer else { return }
      if json {
        try Terminal.write(ObjectRendering.line(checkpoint))
      } else {
        try Terminal.print(checkpoint.text)
      }
    }
  }
}

extension AssociationCheckpoint {
  /// A line for each thing that there is to tell.
  fileprivate var text: String {
    var lines = [Style.bold("\(id)") + ", reqid \(requestID)"]
    if let state = extendedReplayState {
      lines.append(
        "  sequence   sent \(Text.count(state.outgoingSequence)), "
          + "received \(Text.count(state.incomingSequence)), window \(state.window)")
    } else if let state = replayState {
      lines.append(
        "  sequence   sent \(Text.count(state.outgoingSequence)), "
          + "received \(Text.count(state.incomingSequence))")
    }
    if let usage {
      lines.append("  traffic    \(Text.count(usage.packets)) packets, \(Text.bytes(usage.bytes))")
    }
    if let packets { lines.append("  announced  every \(Text.count(packets)) packets") }
    if let timerTenths {
      lines.append("  announced  every \(timerTenths / 10).\(timerTenths % 10) s")
    }
    return lines.joined(separator: "\n")
  }
}
