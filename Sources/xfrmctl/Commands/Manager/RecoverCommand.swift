import ArgumentParser
import XFRMConfig

/// `xfrmctl recover`
struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Finish an apply that was cut short.",
    usage: "xfrmctl recover [options]",
    discussion: """
      Goes on to the new configuration if policies had been touched, and back
      to the old one otherwise, or if it was to be confirmed. Applying any
      configuration serves as well.

      Examples:
        xfrmctl recover
        xfrmctl recover --namespace red

      Exit status: 0 if there is nothing unfinished now, 1 if it stopped, 69 if
      that was as this kernel lacks what it takes, 73 if it came to its end
      and the ledger or the history cannot be used, or if the journal cannot
      be written, 75 if another process is at work.
      """)

  @OptionGroup var place: ManagerOptions

  func run() throws {
    let manager = try place.settledManager()
    do {
      guard let recovery = try manager.recovery() else {
        return try Terminal.print("nothing to do: no run was cut short")
      }
      try Terminal.print(recovery.outcome(manager.finish(recovery, place.keys)))
    } catch let failure as ManagerFailure {
      throw Failure(failure, in: place.namespace)
    }
  }
}
