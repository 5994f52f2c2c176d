import ArgumentParser
import XFRMConfig

/// `xfrmctl keys delete`
struct KeysDelete: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Overwrite a generation of a connection's keys, and delete it.",
    usage: "xfrmctl keys delete <connection> <generation> [options]",
    discussion: """
      SAs that have these keys keep them. A generation in use is what the next
      apply, rotate or rollback takes, and where none is in use that is the
      newest: it is deleted with --force only. What keeps old blocks, as flash
      memory and some file systems do, keeps them.

      Examples:
        xfrmctl keys delete berlin-paris 1
        xfrmctl keys delete berlin-paris 2 --directory ./bundles/peer --force

      Exit status: 0 if the keys are gone, 64 if that takes --force, 65 if they
      are not there, 73 if they cannot be deleted, 77 without privilege.
      """)

  @Argument(
    help: ArgumentHelp("The connection, by its name.", valueName: "connection"),
    completion: KeyDirectoryOption.connections)
  var connection: String

  @Argument(help: ArgumentHelp("Which of its generations.", valueName: "generation"))
  var generation: UInt32

  @OptionGroup var directory: KeyDirectoryOption

  @Option(
    help: ArgumentHelp("Where journals and locks are.", valueName: "folder"),
    completion: .directory)
  var runDir = Manager.usualRunFolder

  @Flag(help: "Delete them though they are in use, or the next to be.")
  var force = false

  func run() throws {
    do {
      let generations = try directory.value.generations()[connection] ?? []
      guard generations.contains(generation) else { throw missing(generations) }
      if !force { try refuseIfNeeded(generations) }
      try directory.value.delete(connection, generation: generation)
    } catch let problem as StoreProblem {
      throw Failure(problem)
    }
  }

  /// What is in use is known by the journals, and by the histories beside the folder of keys.
  private func refuseIfNeeded(_ generations: [UInt32]) throws(Failure) {
    var used: Set<UInt32> = []
    if let state = directory.stateDirectory {
      do throws(ManagerFailure) {
        used = try Manager(runFolder: runDir, stateFolder: state).generationsInUse(of: connection)
      } catch {
        throw Failure(error)
      }
    }
    guard used.isEmpty ? generation == generations.last : used.contains(generation) else { return }
    let what =
      used.isEmpty
      ? "generation \(generation) is the newest of \(connection)"
      : "generation \(generation) of \(connection) is in use"
    throw Failure("\(what); --force deletes it all the same", .usage)
  }

  private func missing(_ generations: [UInt32]) -> Failure {
    let list = generations.map { "\($0)" }.joined(separator: ", ")
    return Failure(
      "\(connection) has no generation \(generation) in \(directory.directory)"
        + (list.isEmpty ? "" : "; there are \(list)"), .invalidInput)
  }
}
