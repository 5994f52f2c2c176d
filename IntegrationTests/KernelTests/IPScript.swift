import TestSupport

/// Commands for two programs that are to do the same.
enum IPScript {
  struct Part: Sendable {
    var title: String
    var commands: [Command] = []

    /// What is listed behind it: the databases that it is about, in several ways.
    var lists: [[String]] {
      IPScript.lists.filter { list in
        commands.contains { command in command.object.map(list.contains) ?? false }
      }
    }
  }

  struct Command: Sendable, CustomStringConvertible {
    /// As the fixture has it.
    var description: String
    /// Behind `ip`.
    var words: [String]
    /// Whether the two refuse it in different words.
    var isWordedOtherwise: Bool

    /// `state` or `policy`
    var object: String? { words.first { $0 == "state" || $0 == "policy" } }

    /// Whether iproute2 takes it in a batch, and goes on after it.
    var canBeInBatch: Bool {
      words[0] == "xfrm" && !words.contains { $0 == "deleteall" || $0 == "delall" }
    }
  }

  /// What the fixture holds, in order.
  static let parts: [Part] = {
    var parts: [Part] = []
    var names: [Substring: [Substring]] = [:]
    for line in FixtureFile.lines(of: "ip-commands.txt") {
      let words = line.split(separator: " ")
      switch words[0] {
      case "##": parts.append(Part(title: words.dropFirst().joined(separator: " ")))
      case "=": names[words[1]] = Array(words.dropFirst(2))
      case _ where line.hasPrefix("#"): break
      default:
        let isWordedOtherwise = words[0] == "!"
        var written = words.dropFirst(isWordedOtherwise ? 1 : 0)
        let options = written.prefix { $0.hasPrefix("-") }
        written = written.dropFirst(options.count)
        let meant = (options + ["xfrm"] + written).flatMap { names[$0] ?? [$0 == "''" ? "" : $0] }
        parts[parts.count - 1].commands.append(
          Command(
            description: String(line), words: meant.map(String.init),
            isWordedOtherwise: isWordedOtherwise))
      }
    }
    return parts
  }()

  private static let lists: [[String]] = [
    ["xfrm", "state"], ["-s", "xfrm", "state"], ["-o", "xfrm", "state"],
    ["xfrm", "state", "list", "nokeys"], ["xfrm", "policy"], ["-s", "xfrm", "policy"],
    ["-o", "xfrm", "policy"],
  ]
}
