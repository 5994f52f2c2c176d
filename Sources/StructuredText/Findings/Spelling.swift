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

  /// How many letters must be put in, taken out or exchanged (Levenshtein).
  private static func distance(_ one: String, _ other: String) -> Int {
    let columns = Array(other.utf8)
    var row = Array(0...columns.count)
    for (index, letter) in one.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in columns.indices {
        let exchanged = diagonal + (columns[column] == letter ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(exchanged, row[column] + 1, diagonal + 1)
      }
    }
    return row[columns.count]
  }
}
