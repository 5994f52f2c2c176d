import ArgumentParser
import XFRMConfig

/// `xfrmctl keys delete`
struct KeysDelete: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Overwrite a generation of a connection's keys, and delete it.",
    usage: "xfrmctl keys delete <connection> <generation> [options]",
    discussion: """
      SAs that have these keys keep them. The newest generation is what the next
      apply takes, so it is deleted with --force only. What keeps old blocks, as
      flash memory and some file systems do, keeps them.

      Examples:
        xfrmctl keys delete berlin-paris 1
        xfrmctl keys delete berlin-paris 2 --directory ./bundles/peer --force

      Exit status: 0 if the keys are gone, 1 if not, 65 if they are not there.
      """)

  @Argument(
    help: ArgumentHelp("The connection, by its name.", valueName: "connection"),
    completion: KeyDirectoryOption.connections)
  var connection: String

  @Argument(help: ArgumentHelp("Which of its generations.", valueName: "generation"))
  var generation: UInt32

  @OptionGroup var directory: KeyDirectoryOption

  @Flag(help: "Delete them though they are the newest.")
  var force = false

  func run() throws {
    do {
      let generations = try directory.value.generations()[connection] ?? []
      guard generations.contains(generation) else { throw missing(generations) }
      guard force || generation != generations.last else {
        throw Failure(
          "generation \(generation) is the newest of \(connection); --force deletes it all the same",
          .usage)
      }
      try directory.value.delete(connection, generation: generation)
    } catch let problem as StoreProblem {
      throw Failure(problem)
    }
  }

  private func missing(_ generations: [UInt32]) -> Failure {
    let list = generations.map { "\($0)" }.joined(separator: ", ")
    return Failure(
      "\(connection) has no generation \(generation) in \(directory.directory)"
        + (list.isEmpty ? "" : "; there are \(list)"), .invalidInput)
  }
}
