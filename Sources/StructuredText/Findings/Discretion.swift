internal import XFRMKit

/// What of a file may be shown: somebody may have put a key where none belongs.
public enum Discretion {
  /// A value in quotation marks, on one line, without what may be a key in it.
  package static func quoted(_ text: String) -> String { "“\(shown(text))”" }

  /// The same without the quotation marks.
  package static func shown(_ text: String) -> String {
    var shown: [Character] = []
    for character in masked(Array(text)) {
      // Not even how long it is.
      if character != mark {
        shown.append(character)
      } else if shown.last != "…" {
        shown.append("…")
      }
    }
    let short = shown.count > 60 ? shown.prefix(57) + ["…"] : shown[...]
    return String(short.map { isPrintable($0) ? $0 : mark })
  }

  /// A line of a file to be shown below an error, with as many characters as it has.
  ///
  /// What stands behind `key` and is no reference is masked, and so is all that looks like a key.
  ///
  /// - Parameter hidden: Columns that are not shown in any case.
  public static func maskedLine(_ line: String, hiding hidden: Range<Int>? = nil) -> String {
    var shown = masked(Array(line))
    for index in shown.indices where isKeyWord(shown, endingBefore: index) {
      mask(valueBehind: index, in: &shown)
    }
    for column in hidden?.clamped(to: shown.indices) ?? 0..<0 { shown[column] = mark }
    return String(shown.map { $0 == "\t" ? " " : isPrintable($0) ? $0 : mark })
  }

  // MARK: Behind the word

  private static func isKeyWord(_ line: [Character], endingBefore end: Int) -> Bool {
    end >= 3 && String(line[end - 3..<end]).lowercased() == "key"
  }

  private static func mask(valueBehind start: Int, in line: inout [Character]) {
    var start = start
    while start < line.count, "s\"' \t".contains(line[start]) { start += 1 }
    guard start < line.count, line[start] == ":" || line[start] == "=" else { return }
    start += 1
    while start < line.count, "\"' \t".contains(line[start]) { start += 1 }
    // A mapping has its own keys.
    guard start < line.count, line[start] != "{" else { return }
    let end = line[start...].firstIndex { ",}#\"'".contains($0) } ?? line.count
    let value = String(line[start..<end].reversed().drop { $0.isWhitespace }.reversed())
    if value == "generated" || KeyReference(reference: value) != nil { return }
    for index in start..<end { line[index] = mark }
  }

  // MARK: By its looks

  private static let mark: Character = "·"

  /// No name or number of a configuration has as many letters and digits in a row.
  private static let longestRun = 20

  /// Hexadecimal digits are a key sooner.
  private static let longestDigits = 16

  /// The text with a mark for each character of what may be a key: long runs of letters and digits
  /// without a break, and long rows of hexadecimal digits, with blanks between them or without.
  private static func masked(_ text: [Character]) -> [Character] {
    var result = text
    var start = 0
    // Words of hexadecimal digits, one behind the other.
    var group = 0..<0
    var digits = 0
    for end in 0...text.count {
      if end < text.count, isOfKey(text[end]) { continue }
      if end - start >= longestDigits, mayBeKey(String(text[start..<end])) {
        for index in start..<end { result[index] = mark }
      }
      let count = digitCount(text[start..<end])
      if count > 0 {
        group = (digits == 0 ? start : group.lowerBound)..<end
        digits += count
      }
      let isBlank = end < text.count && (text[end] == " " || text[end] == "\t")
      if count == 0 && end > start || !isBlank {
        if digits >= longestDigits { for index in group { result[index] = mark } }
        digits = 0
      }
      start = end + 1
    }
    return result
  }

  /// How many hexadecimal digits a word has that has nothing else; 0 for others.
  private static func digitCount(_ word: ArraySlice<Character>) -> Int {
    let digits = word.starts(with: ["0", "x"]) ? word.dropFirst(2) : word
    return digits.allSatisfy { $0.isASCII && $0.isHexDigit } ? digits.count : 0
  }

  private static func isOfKey(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "+/=:_-.".contains(character))
  }

  private static func mayBeKey(_ word: String) -> Bool {
    if IPPrefix(word) != nil { return false }
    // Base64 has them, and nothing of a configuration.
    if word.contains("+") || word.hasSuffix("=") { return true }
    let runs = word.split { "/:_-.".contains($0) }
    if runs.contains(where: { $0.utf8.count >= longestRun }) { return true }
    if runs.contains(where: { $0.utf8.count >= longestDigits && $0.allSatisfy(\.isHexDigit) }) {
      return true
    }
    // Digits in groups: de:ad:be:ef:…
    let groups = runs.filter { $0.allSatisfy(\.isHexDigit) }
    return groups.count > 8 || groups.map(\.utf8.count).reduce(0, +) >= 24
  }

  /// A terminal must not take anything for a command.
  private static func isPrintable(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value)
        && $0.properties.generalCategory != .format
    }
  }
}
