internal import XFRMKit

extension CommandParser {
  /// The whole command, from the object on.
  mutating func command() throws(SyntaxError) -> IPCommand {
    guard let object = take() else { return .help(.xfrm) }
    if object.abbreviates("state") || object.abbreviates("sa") { return try associationCommand() }
    if object.abbreviates("policy") { return try policyCommand() }
    if object.abbreviates("monitor") { return try monitor() }
    // iproute2 answers with its usage, whatever the word.
    if isStrict, !object.abbreviates("help") {
      throw SyntaxError(
        "Object \"\(SyntaxError.shown(object))\" is unknown, try \"ip xfrm help\".",
        exitStatus: 255, word: next - 1, expected: "one of state, policy, monitor, help")
    }
    return .help(.xfrm)
  }

  private mutating func associationCommand() throws(SyntaxError) -> IPCommand {
    guard let word = take() else { return .association(.list(try associationQuery())) }
    switch verb(word, Self.associationVerbs) {
    case "add": return .association(.add(try association()))
    case "update": return .association(.update(try association()))
    case "allocspi": return .association(.allocateSPI(try spiRequest()))
    case "delete": return .association(.delete(try associationID()))
    case "deleteall", "delall": return .association(.deleteAll(try associationQuery()))
    case "list", "show", "lst": return .association(.list(try associationQuery()))
    case "get": return .association(.get(try associationID()))
    case "flush": return .association(.flush(try flushedProtocol()))
    case "count":
      try end()
      return .association(.count)
    case "help": return .help(.association)
    case nil: break
    case let native?: if isNative { return .association(try nativeCommand(native)) }
    }
    throw unknownCommand(word, of: "state", Self.associationVerbs)
  }

  private mutating func nativeCommand(_ verb: String) throws(SyntaxError) -> AssociationCommand {
    switch verb {
    case "replace": .replace(try association())
    case "migrate": .migrate(try migration())
    default: try checkpointCommand()
    }
  }

  private mutating func policyCommand() throws(SyntaxError) -> IPCommand {
    guard let word = take() else { return .policy(.list(try policyQuery())) }
    switch verb(word, Self.policyVerbs) {
    case "add": return .policy(.add(try policy()))
    case "update": return .policy(.update(try policy()))
    case "delete": return .policy(.delete(try policyKey()))
    case "deleteall", "delall": return .policy(.deleteAll(try policyQuery()))
    case "list", "show", "lst": return .policy(.list(try policyQuery()))
    case "get": return .policy(.get(try policyKey()))
    case "flush": return .policy(.flush(try flushedKind()))
    case "count":
      try end()
      return .policy(.count)
    case "set": return .policy(try hashThresholds())
    case "setdefault": return .policy(.setDefaultActions(try defaultActions()))
    case "getdefault":
      try end()
      return .policy(.getDefaultActions)
    case "help": return .help(.policy)
    default: throw unknownCommand(word, of: "policy", Self.policyVerbs)
    }
  }

  /// iproute2 overlooks what follows a command that takes no words.
  private func end() throws(SyntaxError) {
    guard isStrict, next < words.count else { return }
    throw wrong("unknown", at: next, expected: "nothing more")
  }

  // The first that a word is the beginning of is meant.
  static let associationVerbs = [
    "add", "update", "allocspi", "delete", "deleteall", "delall", "list", "show", "lst", "get",
    "flush", "count", "help", "replace", "migrate", "ae",
  ]
  static let policyVerbs = [
    "add", "update", "delete", "deleteall", "delall", "list", "show", "lst", "get", "flush",
    "count", "set", "setdefault", "getdefault", "help",
  ]

  private func verb(_ word: String, _ verbs: [String]) -> String? {
    verbs.first { word.abbreviates($0) }
  }

  private func unknownCommand(_ word: String, of object: String, _ verbs: [String]) -> SyntaxError {
    SyntaxError(
      "Command \"\(SyntaxError.shown(word))\" is unknown, try \"ip xfrm \(object) help\".",
      exitStatus: 255, word: next - 1, expected: "one of \(verbs.joined(separator: ", "))")
  }
}

extension IPCommand {
  /// The whole verb that a word of `state` or `policy` begins, under the first of its names; `nil`
  /// if it begins none.
  public static func verb(_ word: String, of object: String) -> String? {
    let verbs =
      object == "policy" ? CommandParser.policyVerbs : CommandParser.associationVerbs
    return switch verbs.first(where: { word.abbreviates($0) }) {
    case "show", "lst": "list"
    case "delall": "deleteall"
    case let verb: verb
    }
  }
}
