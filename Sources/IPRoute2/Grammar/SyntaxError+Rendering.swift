extension SyntaxError {
  /// What is wrong, and below it the command line with a mark under the word at fault. Keys are
  /// left out.
  ///
  /// - Parameters:
  ///   - words: The words that were parsed.
  ///   - width: Columns that a line may have. What does not fit around the word at fault is left
  ///     out, too.
  public func rendered(under words: [String], width: Int = 80) -> String {
    guard let word, word <= words.count else { return headline }
    var line = CommandLine(words, width: max(width, 20) - 2)
    line.centre(on: word)
    let mark =
      String(repeating: " ", count: line.column) + "^"
      + String(repeating: "~", count: max(0, line.markedWidth - 1))
    var lines = [headline, "  " + line.text, "  " + mark]
    if let expected {
      let remark = "expected \(expected)"
      if 2 + mark.count + 1 + remark.count <= width {
        lines[2] += " " + remark
      } else {
        lines += Self.wrap(remark, width: width)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The text, with the beginning that iproute2 gives most of them.
  private var headline: String { text.hasPrefix("Error: ") ? text : "Error: \(text)" }

  private static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append("  " + word)
      }
    }
    return lines
  }
}

/// As much of a command line as fits, around the word at fault.
private struct CommandLine {
  private let words: [String]
  private let width: Int
  private(set) var text = ""
  /// Where the word at fault begins in ``text``, and how wide it is there.
  private(set) var column = 0
  private(set) var markedWidth = 1

  init(_ words: [String], width: Int) {
    let keys = Self.keys(in: words)
    self.words = words.indices.map { index in
      keys.contains(index) ? "KEY" : Self.quoted(words[index])
    }
    self.width = width
  }

  /// Takes words in from both sides for as long as they fit.
  mutating func centre(on index: Int) {
    // A word that is missing at the end.
    let marked = index < words.count ? Self.cut(words[index], to: width - 4) : "…"
    var (first, last) = (index, index)
    var count = marked.count
    let ellipses = 4
    while true {
      let before = first > 0 ? words[first - 1].count + 1 : nil
      let after = last + 1 < words.count ? words[last + 1].count + 1 : nil
      // Twice as much of what comes before: it says what is meant.
      if let before, count + before + ellipses <= width,
        after == nil || index - first <= 2 * (last - index)
      {
        count += before
        first -= 1
      } else if let after, count + after + ellipses <= width {
        count += after
        last += 1
      } else if let before, count + before + ellipses <= width {
        count += before
        first -= 1
      } else {
        break
      }
    }
    var parts = first > 0 ? ["…"] : []
    parts += words[first..<min(index, words.count)]
    column = parts.reduce(0) { $0 + $1.count + 1 }
    markedWidth = marked.count
    parts.append(marked)
    if last > index { parts += words[(index + 1)...last] }
    if last + 1 < words.count { parts.append("…") }
    text = parts.joined(separator: " ")
  }

  private static func keys(in words: [String]) -> Set<Int> {
    Set(words.indices.filter { SyntaxError.mayBeKey(words, at: $0) })
  }

  private static func quoted(_ word: String) -> String {
    let needsQuotes = word.isEmpty || word.utf8.contains { $0 <= 0x20 || $0 == 0x7f }
    return needsQuotes ? String(reflecting: word) : word
  }

  private static func cut(_ word: String, to width: Int) -> String {
    word.count <= width ? word : word.prefix(max(1, width - 1)) + "…"
  }
}
