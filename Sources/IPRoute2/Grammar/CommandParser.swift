internal import Netlink

/// Goes through the words of one command.
///
/// Its extensions are the grammar, a file for each part of it. Most of the language is keywords in
/// any order, each with its arguments; what has none of its own, an ID or a selector, is one run of
/// words that ends at the first that does not belong to it.
struct CommandParser {
  let words: [String]
  let dialect: Dialect
  let context: GrammarContext
  /// The word to be taken next.
  var next: Int
  /// The family that addresses must have: that of an option, or of the first address.
  var preferredFamily: AddressFamily
  /// Whether a key stood in the words.
  var hasLiteralKey = false

  init(
    _ words: [String], from start: Int, dialect: Dialect, context: GrammarContext,
    family: AddressFamily
  ) {
    self.words = words
    self.dialect = dialect
    self.context = context
    next = start
    preferredFamily = family
  }

  /// Whether what iproute2 takes without a word is refused.
  var isStrict: Bool { dialect == .xfrmctl }

  /// Whether words are known that iproute2 does not know.
  var isNative: Bool { dialect == .xfrmctl }

  /// The next keyword; `nil` at the end.
  mutating func take() -> String? {
    guard next < words.count else { return nil }
    next += 1
    return words[next - 1]
  }

  /// Leaves the word taken last to whoever comes next.
  mutating func putBack() { next -= 1 }

  /// The argument of the keyword taken last.
  mutating func argument(_ expected: String? = nil) throws(SyntaxError) -> String {
    guard let word = take() else { throw incomplete(expected: expected) }
    return word
  }

  /// Takes the next word if it is this one.
  mutating func take(_ word: String) -> Bool {
    guard next < words.count, words[next] == word else { return false }
    next += 1
    return true
  }
}

extension String {
  /// Whether it is the beginning of a keyword, or all of it.
  func abbreviates(_ keyword: String) -> Bool { !isEmpty && keyword.hasPrefix(self) }
}
