import ArgumentParser

@testable import xfrmctl

/// Every command that there is.
enum CommandTree {
  /// By their words, those first that have others below.
  static let commands = words(xfrmctl.Tool.self, behind: [])

  /// What the help of each says at length.
  static let discussions = discussions(of: xfrmctl.Tool.self, called: "xfrmctl")

  private static func discussions(
    of command: any ParsableCommand.Type, called name: String
  ) -> [(command: String, text: String)] {
    [(name, command.configuration.discussion)]
      + command.configuration.subcommands.flatMap {
        discussions(of: $0, called: "\(name) \($0._commandName)")
      }
  }

  private static func words(_ command: any ParsableCommand.Type, behind path: [String]) -> [String]
  {
    command.configuration.subcommands.flatMap { next in
      let words = path + [next._commandName]
      return [words.joined(separator: " ")] + Self.words(next, behind: words)
    }
  }
}
