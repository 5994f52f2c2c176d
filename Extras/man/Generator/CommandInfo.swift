/// A command as `xfrmctl --experimental-dump-help` tells of it.
struct CommandInfo: Decodable {
  var commandName: String
  var superCommands: [String]?
  var abstract: String?
  var discussion: String?
  var subcommands: [CommandInfo]?
  var arguments: [ArgumentInfo]?

  /// What is typed: `xfrmctl state add`.
  var line: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

  /// The name of its page: `xfrmctl-state-add`.
  var page: String { line.replacing(" ", with: "-") }

  /// Without the one that repeats what `--help` says.
  var verbs: [CommandInfo] { (subcommands ?? []).filter { $0.commandName != "help" } }

  var sentence: String { abstract ?? "" }
}

struct ArgumentInfo: Decodable {
  struct Name: Decodable {
    var kind: String
    var name: String

    var text: String { (kind == "long" ? "--" : "-") + name }
  }

  var kind: String
  var isOptional: Bool
  var isRepeating: Bool
  var shouldDisplay: Bool
  var names: [Name]?
  var preferredName: Name?
  var valueName: String?
  var defaultValue: String?
  var abstract: String?

  var isPositional: Bool { kind == "positional" }
  var isFlag: Bool { kind == "flag" }
  var value: String { valueName ?? "value" }

  /// Every command has them.
  var isCommon: Bool { preferredName?.name == "help" || preferredName?.name == "version" }
}

struct ToolInfo: Decodable {
  var command: CommandInfo
}
