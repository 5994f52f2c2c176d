extension StringProtocol {
  /// The lines that are not empty.
  var lines: [SubSequence] { split(separator: "\n") }

  /// What spaces and tabs separate.
  var words: [SubSequence] { split { $0 == " " || $0 == "\t" } }

  /// Without the spaces and tabs at both ends.
  var trimmed: SubSequence {
    guard let start = firstIndex(where: { !$0.isWhitespace }),
      let end = lastIndex(where: { !$0.isWhitespace })
    else { return self[startIndex..<startIndex] }
    return self[start...end]
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  var asList: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
