import ArgumentParser
import XFRMConfig

/// `xfrmctl keys`
struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Make, list and delete the keys of connections.",
    discussion: """
      Connections with generated keys have them in bundles: files that root
      alone can read, one for each end and generation. No command shows a key,
      but a fingerprint that is the same at both ends.

      Examples:
        xfrmctl keys new berlin-paris
        xfrmctl keys list
        xfrmctl keys delete berlin-paris 1
      """,
    subcommands: [KeysNew.self, KeysList.self, KeysShow.self, KeysDelete.self])
}

/// Where bundles are.
struct KeyDirectoryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Where this host's bundles are.", valueName: "folder"),
    completion: .directory)
  var directory = KeyDirectory.usualPath

  var value: KeyDirectory { KeyDirectory(directory) }

  /// The folder of state that it is part of; `nil` if it is a folder by itself.
  var stateDirectory: String? {
    var parts = directory.split(separator: "/", omittingEmptySubsequences: false)
    while parts.count > 1, parts.last == "" { parts.removeLast() }
    guard parts.count > 1, parts.removeLast() == "keys" else { return nil }
    return parts.joined(separator: "/")
  }

  /// Connections that have keys in the usual place.
  static let connections = CompletionKind.custom { _, _, _ in
    ((try? KeyDirectory().generations()) ?? [:]).keys.sorted()
  }
}
