import ArgumentParser
import XFRMConfig

/// `xfrmctl history`
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the configurations that were applied last, or print one.",
    usage: "xfrmctl history [<id>] [--json] [options]",
    discussion: """
      The last 20 are kept for each network namespace: their text as it was
      read, with what they include, and no keys. `rollback` and the guards at
      boot pass over those that were led back from, and over those that are
      unconfirmed: nobody has confirmed them, or the run that was to bring
      them has come to no end.

      Examples:
        xfrmctl history
        xfrmctl history --namespace red
        xfrmctl history 91c2a07e

      Exit status: 0, 65 if there is no such configuration.
      """)

  @Argument(help: ArgumentHelp("Print the files of this one.", valueName: "id"))
  var id: String?

  @OptionGroup var place: ManagerOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let manager = try place.manager()
    let entries: [History.Entry]
    do throws(StoreProblem) { entries = try manager.history.entries() } catch {
      throw Failure(error)
    }
    if let id { return try show(id, entries) }
    if json { return try JSONOutput.print(HistoryJSON(entries)) }
    guard !entries.isEmpty else { return try Terminal.print("nothing was applied yet") }
    let lines = entries.map {
      "#\($0.configuration.id)  \(Text.time($0.time))  \($0.configuration.file)"
        + ($0.configuration.guardsOnly ? " (guards)" : "")
        + ($0.isLedBack ? " (led back)" : $0.isUnconfirmed ? " (unconfirmed)" : "")
    }
    try Terminal.print(lines.joined(separator: "\n"))
  }

  /// An ID as it is typed, with or without the sign that it is printed with.
  static func id(_ text: String) -> String {
    text.hasPrefix("#") ? String(text.dropFirst()) : text
  }

  private func show(_ id: String, _ entries: [History.Entry]) throws {
    let name = Self.id(id)
    guard let entry = entries.last(where: { $0.configuration.id == name }) else {
      throw Failure("there is no configuration #\(name) in the history", .invalidInput)
    }
    if json { return try JSONOutput.print(HistoryJSON([entry])) }
    let texts = entry.configuration.texts
    let main = entry.configuration.file
    for file in [main] + texts.keys.sorted().filter({ $0 != main }) {
      if texts.count > 1 { try Terminal.print("# \(file)") }
      try Terminal.write(Array((texts[file] ?? "").utf8))
    }
  }
}

/// `xfrmctl history --json`
struct HistoryJSON: Encodable {
  struct Entry: Encodable {
    var id: String
    var appliedAt: String
    var file: String
    /// Whether only its guards were.
    var guardsOnly: Bool?
    /// Whether it was led back from.
    var ledBack: Bool?
    /// Whether it was on trial, and nobody has confirmed it, or was never reached.
    var unconfirmed: Bool?
    var host: String
    var variables: [String: String]
    /// The text of each file, by name.
    var texts: [String: String]
  }

  var version = 1
  var configurations: [Entry]

  init(_ entries: [History.Entry]) {
    configurations = entries.map { entry in
      let configuration = entry.configuration
      return Entry(
        id: configuration.id, appliedAt: Text.time(entry.time), file: configuration.file,
        guardsOnly: configuration.guardsOnly ? true : nil,
        ledBack: entry.isLedBack ? true : nil,
        unconfirmed: entry.isUnconfirmed ? true : nil, host: configuration.host,
        variables: configuration.variables, texts: configuration.texts)
    }
  }
}
