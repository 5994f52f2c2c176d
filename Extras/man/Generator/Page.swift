/// The manual page of one command.
struct Page {
  let command: CommandInfo
  let root: CommandInfo
  /// What stands in the footer.
  let version: String
  let date: String
  /// What no command tells of itself, in man(7), between the options and the exit status.
  let supplement: String?

  var text: String {
    let discussion = Discussion(command.discussion ?? "")
    var sections = [header, name, synopsis]
    if !discussion.examples.isEmpty {
      sections.append(".SH EXAMPLES\n" + Roff.block(discussion.examples))
    }
    sections += [description(discussion), commands, options, supplement]
      .compactMap { $0 }
    sections.append(exitStatus(discussion))
    sections.append(seeAlso)
    return sections.joined(separator: "\n") + "\n"
  }

  private var header: String {
    let title = command.page.uppercased()
    return #".TH "\#(title)" 8 "\#(date)" "\#(version)" "System Manager's Manual""#
  }

  private var name: String {
    var sentence = command.sentence
    if sentence.hasSuffix(".") { sentence.removeLast() }
    // “SA” stays as it is.
    if let second = sentence.dropFirst().first, second.isLowercase || second == "-" {
      sentence = sentence.prefix(1).lowercased() + sentence.dropFirst()
    }
    return ".SH NAME\n\(Roff.literal(command.page)) \\- \(Roff.prose(sentence))"
  }

  private var synopsis: String {
    var words = [Roff.bold(command.line)]
    let arguments = shown.filter { !$0.isCommon }
    for argument in arguments where !argument.isPositional {
      let name = Roff.bold(argument.names?.first?.text ?? "")
      words.append(argument.isFlag ? "[\(name)]" : "[\(name)\\ \(Roff.italic(argument.value))]")
    }
    for argument in arguments where argument.isPositional {
      let value = Roff.italic(argument.value) + (argument.isRepeating ? " ..." : "")
      words.append(argument.isOptional ? "[\(value)]" : value)
    }
    if !command.verbs.isEmpty { words.append(Roff.italic("command")) }
    // Options do not break at their hyphens.
    return ".SH SYNOPSIS\n.nh\n.ad l\n" + words.joined(separator: "\n") + "\n.ad b\n.hy"
  }

  private func description(_ discussion: Discussion) -> String {
    let paragraphs = [command.sentence] + discussion.paragraphs
    return ".SH DESCRIPTION\n" + paragraphs.map(Roff.prose).joined(separator: "\n.PP\n")
  }

  private var commands: String? {
    guard !command.verbs.isEmpty else { return nil }
    return ".SH COMMANDS\n"
      + command.verbs.map { verb in
        ".TP\n\(Roff.bold(verb.page))(8)\n\(Roff.prose(verb.sentence))"
      }.joined(separator: "\n")
  }

  private var options: String {
    ".SH OPTIONS\n"
      + (shown.filter(\.isPositional) + shown.filter { !$0.isPositional }).map { argument in
        var names = (argument.names ?? []).map { Roff.bold($0.text) }.joined(separator: ", ")
        if !argument.isFlag {
          names += (names.isEmpty ? "" : " ") + Roff.italic(argument.value)
        }
        var text = argument.abstract ?? ""
        if let value = argument.defaultValue, !argument.isFlag { text += " (default: \(value))" }
        return ".TP\n\(names)\n\(Roff.prose(text))"
      }.joined(separator: "\n")
  }

  private func exitStatus(_ discussion: Discussion) -> String {
    let statuses =
      discussion.statuses.isEmpty
      ? Discussion(root.discussion ?? "").statuses : discussion.statuses
    return ".SH EXIT STATUS\n"
      + statuses.map { ".TP\n\(Roff.bold($0.number))\n\(Roff.prose($0.meaning))" }
      .joined(separator: "\n.PD 0\n") + "\n.PD"
  }

  private var seeAlso: String {
    var pages: [String] = []
    let parents = command.superCommands ?? []
    for count in stride(from: parents.count, to: 0, by: -1) {
      pages.append(parents.prefix(count).joined(separator: "-"))
    }
    pages += command.verbs.map(\.page) + ["ip-xfrm"]
    return ".SH SEE ALSO\n" + pages.map { "\(Roff.bold($0))(8)" }.joined(separator: ",\n")
  }

  private var shown: [ArgumentInfo] { (command.arguments ?? []).filter(\.shouldDisplay) }
}
