/// What somebody may have meant.
package enum Spelling {
  /// The known word that is nearest to one that is not; `nil` if none is near.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let wanted = word.lowercased()
    guard !wanted.isEmpty, wanted.utf8.count <= 64 else { return nil }
    let near = known.map { candidate -> (word: String, distance: Int) in
      let name = candidate.lowercased()
      // Somebody who types "dir" means something that begins so.
      let begins = wanted.utf8.count > 2 && name.hasPrefix(wanted)
      let isSame = name.filter { $0 != "-" } == wanted.filter { !"-_ ".contains($0) }
      return (candidate, isSame ? 0 : begins ? 1 : distance(wanted, name))
    }
    .filter { $0.distance <= max(1, wanted.utf8.count / 3) }
    return near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
  }

  /// `did you mean “mode”?` and what there is.
  package static func help(for word: String, among known: [String], _ noun: String) -> String {
    let list =
      known.count > 16
      ? known.prefix(15).joined(separator: ", ") + ", …"
      : known.joined(separator: ", ")
    let all = known.isEmpty ? "there are no \(noun)" : "\(noun): \(list)"
    return nearest(to: word, among: known).map { "did you mean “\($0)”? \(all)" } ?? all
  }

  /// How many letters must be put in, taken out or exchanged, or change places with the next
  /// (optimal string alignment).
  private static func distance(_ one: String, _ other: String) -> Int {
    let (letters, columns) = (Array(one.utf8), Array(other.utf8))
    var earlier: [Int] = []
    var row = Array(0...columns.count)
    for index in letters.indices {
      var next = [index + 1]
      for column in columns.indices {
        let exchanged = row[column] + (columns[column] == letters[index] ? 0 : 1)
        var least = min(exchanged, row[column + 1] + 1, next[column] + 1)
        if index > 0, column > 0, letters[index] == columns[column - 1],
          letters[index - 1] == columns[column]
        {
          least = min(least, earlier[column - 1] + 1)
        }
        next.append(least)
      }
      (earlier, row) = (row, next)
    }
    return row[columns.count]
  }
}
