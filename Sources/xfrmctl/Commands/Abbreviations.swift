import IPRoute2

/// Objects and verbs may be abbreviated as `ip` has it: `xfrmctl s a`, `xfrmctl p ls`.
enum Abbreviations {
  /// The arguments with the first two words in full, where they mean an object of `ip xfrm`.
  static func expanded(_ arguments: [String]) throws(Failure) -> [String] {
    guard let word = arguments.first, let object = object(word) else { return arguments }
    var expanded = arguments
    expanded[0] = object
    guard object != "monitor", arguments.count > 1, !arguments[1].hasPrefix("-") else {
      return expanded
    }
    guard let verb = IPCommand.verb(arguments[1], of: object) else {
      // Else it would be taken for a word of list.
      throw unknown(verb: expanded)
    }
    if verb == "help" {
      return [object, "--help"]
    }
    expanded[1] = verb
    return expanded
  }

  private static func unknown(verb words: [String]) -> Failure {
    do throws(SyntaxError) {
      _ = try IPCommand.parse(words, dialect: .xfrmctl, context: .live)
    } catch {
      return Failure(error, words)
    }
    return Failure("there is no \(words[1])", .usage)
  }

  private static func object(_ word: String) -> String? {
    if word.isEmpty { return nil }
    if "state".hasPrefix(word) || "sa".hasPrefix(word) { return "state" }
    if "policy".hasPrefix(word) { return "policy" }
    return "monitor".hasPrefix(word) ? "monitor" : nil
  }
}
