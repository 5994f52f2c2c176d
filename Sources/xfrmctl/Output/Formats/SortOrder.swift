/// By which fields a list goes, and in which direction.
struct SortOrder {
  private let fields: [Field]
  private let columns: CellCollector.Columns

  struct Field {
    var name: String
    var isDescending: Bool
  }

  /// - Parameter fields: Of fields that are no objects, the one that counts most first.
  init(_ fields: [Field]) {
    self.fields = fields
    columns = CellCollector.Columns(fields.map(\.name))
  }

  /// Reads names with commas between them, `-` before those that go from high to low.
  static func fields(_ text: String) -> [Field] {
    FieldName.list(text).map { name in
      name.hasPrefix("-")
        ? Field(name: String(name.dropFirst()), isDescending: true)
        : Field(name: name, isDescending: false)
    }
  }

  /// Entries with equal values stay in the order they had; those without a value come last.
  func sorted<T: Described>(_ entries: [T], keys: KeyDisplay) -> [T] {
    guard !fields.isEmpty else { return entries }
    var collector = CellCollector(columns, keys: keys)
    let order = entries.enumerated()
      .map { (index: $0.offset, cells: collector.cells(of: $0.element)) }
      .sorted { left, right in
        for (column, field) in fields.enumerated() {
          let (first, second) = (left.cells[column], right.cells[column])
          if first == second { continue }
          if first.isEmpty || second.isEmpty { return second.isEmpty }
          return first.precedes(second) != field.isDescending
        }
        return left.index < right.index
      }
    return order.map { entries[$0.index] }
  }
}

extension [Scalar?] {
  /// Like words in a dictionary; of two values the missing one is the lower.
  fileprivate func precedes(_ other: [Scalar?]) -> Bool {
    lexicographicallyPrecedes(other) { left, right in
      guard let right else { return false }
      guard let left else { return true }
      return left < right
    }
  }
}
