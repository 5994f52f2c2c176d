/// What `install` lines of modprobe.d tell modprobe to run in the place of loading.
enum InstallCommand {
  /// Whether a command is one of those that only pretend: `/bin/false`, `/bin/sh -c 'exit 0'`.
  ///
  /// modprobe hands it to a shell. A command that is not understood here is taken for one that loads
  /// something.
  static func loadsNothing(_ command: String) -> Bool {
    var succeeded = true
    for (joint, part) in simpleCommands(words(of: command)) {
      if joint == "&&", !succeeded { continue }
      if joint == "||", succeeded { continue }
      switch part[0].split(separator: "/").last {
      case "exit": return true
      case "false", "null": succeeded = false
      case "true", ":", "echo", "printf", "logger": succeeded = true
      case "sh", "bash", "dash":
        guard part.count > 2, part[1] == "-c", loadsNothing(part[2]) else { return false }
        succeeded = true
      default: return false
      }
    }
    return true
  }

  private static let joints: Set<String> = [";", "&&", "||", "&", "|"]

  /// The commands of a line, each with what joins it to the one before.
  private static func simpleCommands(_ words: [String]) -> [(joint: String, words: [String])] {
    var commands: [(joint: String, words: [String])] = []
    var joint = ";"
    for part in words.split(omittingEmptySubsequences: false, whereSeparator: joints.contains) {
      if !part.isEmpty { commands.append((joint, Array(part))) }
      if part.endIndex < words.endIndex { joint = words[part.endIndex] }
    }
    return commands
  }

  /// The words as a shell tells them apart: quotes are taken away, a comment is left out.
  private static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    func end() {
      if let word { words.append(word) }
      word = nil
    }
    for character in command {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
        continue
      }
      // `2>&1` joins nothing.
      let isJoint = ";&|".contains(character) && word?.last != ">"
      if isJoint != (word?.allSatisfy { ";&|".contains($0) } ?? isJoint) { end() }
      switch character {
      case "'", "\"":
        quote = character
        word = word ?? ""
      case "#" where word == nil: return words
      case " ", "\t": end()
      default: word = (word ?? "") + String(character)
      }
    }
    end()
    return words
  }
}
