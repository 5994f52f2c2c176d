internal import XFRMKit

/// Reads what `ip xfrm` prints, line by line.
struct ListingReader {
  let context: GrammarContext
  var listing = IPListing()
  private var lines: [ListingLine] = []
  private var next = 0

  /// The most lines: each takes far more room than its text.
  private static let mostLines = 4_000_000

  init(_ text: String, _ context: GrammarContext) throws(ListingError) {
    guard text.utf8.count <= IPListing.mostBytes else {
      throw ListingError(0, 0, "a text of at most \(IPListing.mostBytes >> 20) MiB")
    }
    self.context = context
    var count = 0
    // A line may end as on other systems: both characters are one to Swift.
    let rows = text.split(maxSplits: Self.mostLines, omittingEmptySubsequences: false) {
      $0 == "\n" || $0 == "\r\n"
    }
    for (number, line) in rows.enumerated() {
      var column = 0
      // Behind -o a backslash is the end of a line.
      for part in Self.split(line, "\\") {
        count += 1
        guard count <= Self.mostLines else {
          throw ListingError(number, column, "a text of at most \(Self.mostLines) lines")
        }
        let read = try ListingLine(part, number: number, column: column)
        if lines.isEmpty, !read.words.isEmpty, !read.isBeginning { throw read.noBeginning }
        if !read.words.isEmpty { lines.append(read) }
        column += part.unicodeScalars.count + 1
      }
    }
  }

  /// What is behind the most lines is one more.
  private static func split(_ text: Substring, _ separator: Character) -> [Substring] {
    text.split(separator: separator, maxSplits: mostLines, omittingEmptySubsequences: false)
  }

  mutating func read() throws(ListingError) -> IPListing {
    while var line = take() {
      guard line.isBeginning, line.take("src") else { throw line.noBeginning }
      if line.peek?.contains("/") == true {
        try readPolicy(line)
      } else {
        try readAssociation(line)
      }
    }
    return listing
  }

  /// The line that comes next, whatever it belongs to.
  private mutating func take() -> ListingLine? {
    guard next < lines.count else { return nil }
    next += 1
    return lines[next - 1]
  }

  /// The next line of the same object; `nil` if there is none.
  mutating func continuation() -> ListingLine? {
    guard next < lines.count, lines[next].isIndented else { return nil }
    return take()
  }

  /// The next line of the same object, if it begins with a word.
  mutating func continuation(_ word: String) -> ListingLine? {
    guard next < lines.count, lines[next].isIndented, lines[next].peek == word[...] else {
      return nil
    }
    return take()
  }

  /// The next line of the same object, which has to be there.
  mutating func requiredContinuation(
    of line: ListingLine, _ expected: String
  ) throws(ListingError) -> ListingLine {
    guard let next = continuation() else {
      throw ListingError(line.number + 1, 0, expected)
    }
    return next
  }

  // MARK: Words

  static func mode(_ line: inout ListingLine) throws(ListingError) -> Mode {
    Mode(rawValue: try line.number("a mode") { Mode(rawValue: $0).word })
  }

  static func proto(_ line: inout ListingLine) throws(ListingError) -> IPProtocol {
    IPProtocol(rawValue: try line.number("a protocol") { IPProtocol(rawValue: $0).word })
  }

  func interface(_ line: inout ListingLine) throws(ListingError) -> Int32 {
    let known = context.interfaceIndex
    return try line.value("a network device") { text in
      // Of another host: which one is of no concern, but that there is one.
      text == "*" ? 0 : known(String(text)) ?? .max
    }
  }

  /// `VALUE/MASK`
  static func mark(_ line: inout ListingLine) throws(ListingError) -> Mark {
    try line.value("a mark with its mask") { text in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let value: UInt32 = ListingLine.number(parts[0]),
        let mask: UInt32 = ListingLine.number(parts[1])
      else { return nil }
      return Mark(value, mask: mask)
    }
  }

  /// Words of flags up to the end, or up to what says them again in brackets.
  ///
  /// - Returns: The flags, and whether `extra_flag` comes next: iproute2 leaves no blank before it.
  static func flags(
    _ line: inout ListingLine, _ names: [(bit: UInt32, word: StaticString)]
  ) throws(ListingError) -> (flags: UInt32, hasExtra: Bool) {
    var flags: UInt32 = 0
    while let word = line.peek, !word.hasPrefix("(") {
      if line.take("extra_flag") { return (flags, true) }
      let hasExtra = word.hasSuffix("extra_flag")
      flags |= try line.value("a flag") { text in
        let text = hasExtra ? text.dropLast("extra_flag".count) : text
        return names.first { "\($0.word)" == text }?.bit ?? UInt32(text, radix: 16)
      }
      if hasExtra { return (flags, true) }
    }
    return (flags, false)
  }
}

extension ListingLine {
  /// Whether an SA or a policy begins with it.
  fileprivate var isBeginning: Bool { !isIndented && peek == "src" }

  fileprivate var noBeginning: ListingError {
    error("“src”, with which an SA or a policy begins")
  }
}
