import ArgumentParser

@testable import xfrmctl

/// Every command that there is.
enum CommandTree {
  /// By their words, those first that have others below.
  static let commands = words(xfrmctl.Tool.self, behind: [])

  private static func words(_ command: any ParsableCommand.Type, behind path: [String]) -> [String]
  {
    command.configuration.subcommands.flatMap { next in
      let words = path + [next._commandName]
      return [words.joined(separator: " ")] + Self.words(next, behind: words)
    }
  }
}
