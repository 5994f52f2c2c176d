import ArgumentParser
import XFRMConfig

/// What is said of a command line that ArgumentParser cannot read.
struct WrongUsage {
  /// The command it is about, as far as one was named.
  private let path: [String]
  /// The word behind it that is none of the commands there, and these.
  private let stranger: String?
  private let commands: [String]

  /// - Parameter arguments: Without the program's name.
  init(_ arguments: [String]) {
    var command: any ParsableCommand.Type = Tool.self
    var path = ["xfrmctl"]
    var rest = arguments[...]
    while let word = rest.first,
      let next = command.configuration.subcommands.first(where: { $0._commandName == word })
    {
      command = next
      path.append(word)
      rest = rest.dropFirst()
    }
    self.path = path
    stranger = rest.first
    commands = command.configuration.subcommands.map { $0._commandName }
  }

  /// One line: what is wrong, what may have been meant, and where to look.
  ///
  /// - Parameter message: ArgumentParser's.
  func text(_ message: String) -> String {
    let help = "\(path.joined(separator: " ")) --help"
    var text = message
    while text.hasSuffix(".") { text.removeLast() }
    if let stranger, message.contains("'\(stranger)'"),
      let near = Spelling.nearest(to: stranger, among: commands)
    {
      text += "; did you mean “\(near)”?"
    }
    return text.hasSuffix("?") ? "\(text) See \(help)" : "\(text); see \(help)"
  }
}
