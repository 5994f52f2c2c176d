import IPRoute2

/// Objects and verbs may be abbreviated as `ip` has it: `xfrmctl s a`, `xfrmctl p ls`.
enum Abbreviations {
  /// The arguments with the first two words in full, where they mean an object of `ip xfrm`.
  static func expanded(_ arguments: [String]) -> [String] {
    guard let word = arguments.first, let object = object(word) else { return arguments }
    var expanded = arguments
    expanded[0] = object
    guard object != "monitor", arguments.count > 1, !arguments[1].hasPrefix("-"),
      let verb = IPCommand.verb(arguments[1], of: object)
    else { return expanded }
    if verb == "help" {
      return [object, "--help"]
    }
    expanded[1] = verb
    return expanded
  }

  private static func object(_ word: String) -> String? {
    if word.isEmpty { return nil }
    if "state".hasPrefix(word) || "sa".hasPrefix(word) { return "state" }
    if "policy".hasPrefix(word) { return "policy" }
    return "monitor".hasPrefix(word) ? "monitor" : nil
  }
}
