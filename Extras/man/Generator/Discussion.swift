/// The parts of a command's discussion: prose, then under a line of its own the examples, then what
/// the exit status means.
struct Discussion {
  var paragraphs: [String] = []
  var examples: [String] = []
  var statuses: [(number: String, meaning: String)] = []

  init(_ text: String) {
    var part = Substring("")
    for block in text.split(separator: "\n\n") {
      var lines = block.split(separator: "\n")
      if let first = lines.first, ["Example:", "Examples:", "Exit status:"].contains(first) {
        part = first
        lines.removeFirst()
      }
      if part.hasPrefix("Example") {
        examples += Self.examples(lines)
      } else if part.hasPrefix("Exit") {
        statuses += lines.flatMap(Self.statuses)
      } else {
        paragraphs.append(lines.joined(separator: " "))
      }
    }
    statuses.sort { Int($0.number) ?? 0 < Int($1.number) ?? 0 }
  }

  /// Without the margin; what goes on in the next line is indented there.
  private static func examples(_ lines: [Substring]) -> [String] {
    var goesOn = false
    return lines.map { line in
      let text = String(line.drop { $0 == " " })
      defer { goesOn = text.hasSuffix("\\") }
      return goesOn ? "    \(text)" : text
    }
  }

  /// Two columns of a number and what it means.
  private static func statuses(_ line: Substring) -> [(number: String, meaning: String)] {
    line.matches(of: /(\d+) +(\S+(?: \S+)*)/).map { (String($0.1), String($0.2)) }
  }
}
