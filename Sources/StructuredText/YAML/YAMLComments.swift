/// A comment of a YAML file.
struct YAMLComment: Hashable {
  /// With its `#`, without blanks behind it.
  var text: String
  var position: SourcePosition
  /// Whether nothing stands before it in its line.
  var isAlone: Bool
}

/// A YAML file's characters, of which libyaml tells the places.
struct YAMLText {
  let characters: [Unicode.Scalar]

  init(_ text: String) {
    // libyaml does not count it.
    let scalars = text.unicodeScalars
    characters = Array(scalars.first == "\u{feff}" ? scalars.dropFirst() : scalars[...])
  }

  /// What stands between two places.
  subscript(span: SourceSpan) -> String {
    let (start, end) = (span.start.index, span.end.index)
    guard start <= end, end <= characters.count else { return "" }
    return String(String.UnicodeScalarView(characters[start..<end]))
  }

  /// Its comments: what begins with `#` behind a blank, and not within a value.
  ///
  /// - Parameter scalars: Where values and keys stand, in order.
  func comments(outside scalars: [SourceSpan]) -> [YAMLComment] {
    var comments: [YAMLComment] = []
    var next = 0
    var place = SourcePosition.start
    var isAlone = true
    while place.index < characters.count {
      while next < scalars.count, scalars[next].end.index <= place.index { next += 1 }
      if next < scalars.count, scalars[next].start.index <= place.index {
        advance(&place)
        isAlone = characters[place.index - 1] == "\n"
        continue
      }
      let character = characters[place.index]
      let isBehindBlank =
        place.column == 0 || " \t".unicodeScalars.contains(characters[place.index - 1])
      if character == "#", isBehindBlank {
        let end = characters[place.index...].firstIndex(where: Self.isBreak) ?? characters.count
        let text = String(String.UnicodeScalarView(characters[place.index..<end]))
        comments.append(
          YAMLComment(text: text.trimmedAtEnd, position: place, isAlone: isAlone))
        place.column += end - place.index
        place.index = end
        continue
      }
      if Self.isBreak(character) {
        isAlone = true
      } else if character != " ", character != "\t" {
        isAlone = false
      }
      advance(&place)
    }
    return comments
  }

  /// The lines with nothing but blanks.
  var blankLines: Set<Int> {
    var blank: Set<Int> = []
    var line = 0
    var isEmpty = true
    for character in characters {
      if character == "\n" {
        if isEmpty { blank.insert(line) }
        line += 1
        isEmpty = true
      } else if character != " ", character != "\t", character != "\r" {
        isEmpty = false
      }
    }
    return blank
  }

  private func advance(_ place: inout SourcePosition) {
    let character = characters[place.index]
    place.index += 1
    let isHalf =
      character == "\r" && place.index < characters.count && characters[place.index] == "\n"
    if Self.isBreak(character), !isHalf {
      place.line += 1
      place.column = 0
    } else {
      place.column += 1
    }
  }

  private static func isBreak(_ character: Unicode.Scalar) -> Bool {
    character == "\n" || character == "\r" || character == "\u{85}" || character == "\u{2028}"
      || character == "\u{2029}"
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    var text = self[...]
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
