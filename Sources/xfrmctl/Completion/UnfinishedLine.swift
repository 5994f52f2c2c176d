import IPRoute2

/// A command line as a shell hands it over while somebody types it.
struct UnfinishedLine {
  /// The words in the language of `ip xfrm` before the cursor, without options.
  private(set) var words: [String] = []
  /// The option whose value the cursor is in, if it is in one.
  private(set) var option: String?
  /// The network namespace that the line is about.
  private(set) var namespace: String?
  /// Whether the words are about xfrm; those of `ip` may not have come to that.
  private(set) var hasObject = true
  /// Whose language the words are in.
  private(set) var dialect = Dialect.xfrmctl
  /// The word at the cursor, as far as it goes.
  let prefix: String
  /// How many characters of it the shell takes for a word before.
  let foreign: Int

  /// - Parameters:
  ///   - shellWords: The words as they were typed, quotes included; first the tool's name.
  ///   - index: Which of them the cursor is in.
  ///   - prefix: What is there of it before the cursor.
  init(_ shellWords: [String], at index: Int, prefix: String) {
    var line = Self.joined(Array(shellWords.prefix(index)) + [prefix])
    let last = line.popLast() ?? ""
    foreign = last.count - prefix.count
    self.prefix = Self.unquoted(last)
    let typed = line.dropFirst().map(Self.unquoted)
    if typed.first == "ip" {
      takeIP(Array(typed.dropFirst()))
    } else {
      take(typed)
    }
  }

  private mutating func take(_ typed: [String]) {
    for word in typed {
      if let option {
        if option == "-n" || option == "--netns" { namespace = word }
        self.option = nil
      } else if word.hasPrefix("--netns=") {
        namespace = String(word.dropFirst("--netns=".count))
      } else if Self.optionsWithValue.contains(word) {
        option = word
      } else if !word.hasPrefix("-") || word == "-" {
        words.append(word)
      }
    }
  }

  /// Behind `xfrmctl ip` options are those of `ip`, and stand before the words.
  private mutating func takeIP(_ typed: [String]) {
    dialect = .iproute2
    hasObject = false
    if let last = typed.last, last.hasPrefix("-n"), !typed.contains("xfrm") { option = "--netns" }
    // What it takes no sense of yet has nothing to go on with.
    guard let invocation = try? IPInvocation(typed), case .xfrm(let object) = invocation.request
    else { return }
    hasObject = true
    namespace = invocation.options.namespace
    words = Array(typed[object...])
  }

  /// Every option of the tool that has a value behind it.
  static let optionsWithValue: Set<String> = [
    "-n", "--netns", "--fields", "--sort", "--fingerprint-salt", "--record", "--buffer",
    "--confirm", "--explain", "--profile", "--format", "--root", "--kernel", "--dir", "--mark",
    "--if-id", "--interval", "--peer-netns",
  ]

  /// Bash breaks words at colons and equals signs; an IPv6 address is one word.
  private static func joined(_ words: [String]) -> [String] {
    var joined: [String] = []
    var isOpen = false
    for word in words {
      let isBreak = !word.isEmpty && word.allSatisfy { ":=".contains($0) }
      if let last = joined.last, isBreak || isOpen {
        joined[joined.count - 1] = last + word
      } else {
        joined.append(word)
      }
      isOpen = isBreak
    }
    return joined
  }

  /// A word as the shell would pass it on.
  private static func unquoted(_ word: String) -> String {
    var text = ""
    var quote: Character?
    var isEscaped = false
    for character in word {
      if isEscaped {
        text.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      } else {
        text.append(character)
      }
    }
    return text
  }
}
