internal import Netlink

/// What may come next in a command line that is not finished.
///
/// The grammar itself is asked, word by word, so nothing is offered that it would refuse there.
public struct Continuation: Sendable {
  private let words: [String]
  private let dialects: Set<Dialect>
  private let context: GrammarContext

  /// Goes on where the words end.
  ///
  /// - Parameters:
  ///   - words: The words behind `xfrm`, without the one that is to be completed.
  ///   - dialect: Whose language they are in. What iproute2 takes and misunderstands is not
  ///     offered in its dialect either.
  public init(of words: [String], dialect: Dialect) {
    self.words = words
    dialects = [dialect, .xfrmctl]
    var context = GrammarContext.live
    // Whether an interface is there may depend on a namespace, and a key must not be fetched yet.
    context.interfaceIndex = { name in
      Vocabulary.words.contains(name) || name == Self.nonsense ? nil : 1
    }
    context.key = { (_, _) in .empty }
    self.context = context
  }

  /// The keywords and fixed values that fit. What was said and may be said once is left out.
  public var keywords: [String] {
    switch words.count {
    case 0: return Vocabulary.objects
    case 1 where words[0] != "monitor": return Vocabulary.verbs(of: words[0]).filter(takes)
    default: break
    }
    // Where anything is taken, no word means more than another.
    guard !takes(Self.nonsense) else { return [] }
    guard !isArgumentDue(behind: words.count) else {
      return (words.last == "mode" ? Vocabulary.modes : Vocabulary.words).filter(takes)
    }
    let said = said
    return Vocabulary.words.filter { word in
      !(said.contains(word) && !Vocabulary.repeatable.contains(word)) && takes(word)
    }
  }

  /// Whether a word may come next.
  public func takes(_ word: String) -> Bool {
    dialects.allSatisfy { dialect in
      // Then the grammar comes past it, and stumbles over one of the next.
      let line = words + [word] + Array(repeating: Self.nonsense, count: Self.mostArbitrary + 1)
      guard let error = error(line, dialect) else { return true }
      return error.word ?? 0 > words.count
    }
  }

  /// What stands for nothing. Taken where anything is.
  private static let nonsense = "\u{1}"
  /// No keyword has more arguments that may be anything: a name and a key.
  private static let mostArbitrary = 2

  /// The keywords so far that count: inside of a template, a selector or a move its own alone.
  private var said: Set<String> {
    let keywords = words.indices.dropFirst(words.first == "monitor" ? 1 : 2).filter { index in
      // The first of several flags is an argument, those behind it stand where keywords do.
      !isArgumentDue(behind: index) || Vocabulary.flagLists.contains(words[index - 1])
    }
    let opener = keywords.last { Vocabulary.inside[words[$0]] != nil }
    let inner = opener.flatMap { Vocabulary.inside[words[$0]] } ?? []
    return Set(
      keywords.filter { index in
        opener.map { index > $0 } ?? true || !inner.contains(words[index])
      }.map { words[$0] })
  }

  /// Whether the keyword before that place wants something behind it.
  private func isArgumentDue(behind count: Int) -> Bool {
    guard let error = error(Array(words[..<count]), .xfrmctl), error.word == count else {
      return false
    }
    return error.isForLackOfArgument
  }

  private func error(_ words: [String], _ dialect: Dialect) -> SyntaxError? {
    do throws(SyntaxError) {
      _ = try IPCommand.parse(words, dialect: dialect, context: context)
      return nil
    } catch {
      return error
    }
  }
}

extension SyntaxError {
  /// Whether a keyword stands at the end whose argument is missing; other words that are missing
  /// may be preceded by more.
  fileprivate var isForLackOfArgument: Bool {
    text == Self.incomplete || expected?.hasPrefix("ALGO-") == true
  }
}
