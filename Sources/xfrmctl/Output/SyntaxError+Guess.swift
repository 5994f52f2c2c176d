import IPRoute2
import XFRMConfig

extension SyntaxError {
  /// The same error with the keyword that may have been meant, of those that fit there.
  ///
  /// - Parameters:
  ///   - words: The words that were parsed.
  ///   - start: Where the object, such as `state`, stands.
  func guessing(_ words: [String], from start: Int = 0) -> SyntaxError {
    guard isNoKeyword, let word, start < word else { return self }
    let fitting = Continuation(of: Array(words[start..<word]), dialect: .xfrmctl).keywords
    guard let near = Spelling.nearest(to: words[word], among: fitting) else { return self }
    var error = self
    error.text += "; did you mean “\(near)”?"
    error.expected = nil
    return error
  }
}
