/// One command of a file for `ip -batch`.
public struct BatchLine: Equatable, Sendable {
  /// The line that it begins in, counted from 1.
  public var number: Int
  /// Its words, at least one.
  public var words: [String]

  /// A command in a line.
  public init(number: Int, words: [String]) {
    self.number = number
    self.words = words
  }
}

/// Why a file for `ip -batch` cannot be read.
public struct BatchError: Error, Hashable, Sendable {
  /// What is wrong with it.
  @nonexhaustive
  public enum Problem: Hashable, Sendable {
    /// More words than iproute2 has room for.
    case tooManyWords(limit: Int)
    /// A quote that nothing ends.
    case unterminatedQuote
    /// A backslash at the end of the last line.
    case missingContinuation
    /// Bytes that are no UTF-8, or a zero: what would be made of them is not what was meant.
    case notText
  }

  /// The line that the command begins in.
  public var line: Int
  /// What is wrong.
  public var problem: Problem

  init(line: Int, _ problem: Problem) {
    self.line = line
    self.problem = problem
  }
}

extension BatchError: CustomStringConvertible {
  public var description: String { "line \(line): \(problem)" }
}

extension BatchError.Problem: CustomStringConvertible {
  /// Without a key that may stand in the line.
  public var description: String {
    switch self {
    case .tooManyWords(let limit): "more than \(limit) words"
    case .unterminatedQuote: "a quote has no end"
    case .missingContinuation: "the last line is to be continued"
    case .notText: "not text"
    }
  }
}
