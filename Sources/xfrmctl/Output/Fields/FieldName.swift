/// Finds fields by the names that somebody has typed.
enum FieldName {
  /// The names of a list that is separated by commas.
  static func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimming { $0 == " " } }
  }

  /// Refuses names that the type does not have, and tells which are near.
  static func check(_ names: [String], in tree: FieldTree) throws(Failure) {
    for name in names where tree.subtree(name) == nil {
      let near = nearest(to: name, among: tree.all)
      let advice = near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?"
      throw Failure("there is no field “\(name)”\(advice)", .usage)
    }
  }

  /// The same for names that must have one value.
  static func checkLeaves(_ names: [String], in tree: FieldTree) throws(Failure) {
    try check(names, in: tree)
    for name in names {
      guard let inner = tree.subtree(name)?.leaves, !inner.isEmpty else { continue }
      let choices = inner.map { "\(name).\($0)" }.joined(separator: ", ")
      throw Failure("“\(name)” has several values; choose one of \(choices)", .usage)
    }
  }

  /// What `ip xfrm` calls them.
  private static let synonyms = [
    "dir": "direction", "dst": "destination", "if_id": "interfaceID", "proto": "protocol",
    "ptype": "type", "reqid": "requestID", "sel": "selector", "seq": "sequence", "src": "source",
    "tmpl": "templates",
  ]

  private static func translated(_ name: String) -> String {
    name.split(separator: ".", omittingEmptySubsequences: false)
      .map { synonyms[String($0)] ?? String($0) }.joined(separator: ".")
  }

  /// At most three, the nearest first.
  private static func nearest(to name: String, among names: [String]) -> [String] {
    let translation = translated(name)
    let meant = names.filter { $0 == translation || $0.hasSuffix(".\(translation)") }
    if !translation.isEmpty, !meant.isEmpty { return Array(meant.prefix(3)) }
    let wanted = name.lowercased()
    return names.map { candidate -> (name: String, distance: Int) in
      let last = candidate.split(separator: ".").last.map(String.init) ?? candidate
      let distance = [candidate, last].map { wanted.editDistance(to: $0.lowercased()) }.min() ?? 0
      // Somebody who types "request" means something that begins so.
      return (candidate, last.lowercased().hasPrefix(wanted) && !wanted.isEmpty ? 1 : distance)
    }
    .filter { $0.distance <= max(2, wanted.count / 3) }
    .sorted { ($0.distance, $0.name.count) < ($1.distance, $1.name.count) }
    .prefix(3).map(\.name)
  }
}

extension String {
  /// How many letters must be put in, taken out or exchanged (Levenshtein).
  func editDistance(to other: String) -> Int {
    let columns = Array(other.utf8)
    var row = Array(0...columns.count)
    for (index, letter) in utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in columns.indices {
        let exchanged = diagonal + (columns[column] == letter ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = Swift.min(exchanged, row[column] + 1, diagonal + 1)
      }
    }
    return row[columns.count]
  }
}

extension Substring {
  fileprivate func trimming(_ isUnwanted: (Character) -> Bool) -> String {
    var rest = drop(while: isUnwanted)
    while let last = rest.last, isUnwanted(last) { rest.removeLast() }
    return String(rest)
  }
}
