/// Picks the values of some fields out of an object, one list for each field: a field within a list
/// of objects has a value, or none, for each of those.
struct CellCollector: FieldVisitor {
  let keys: KeyDisplay
  private let columns: Columns
  private var node: Columns.Node?
  private var cells: [[Scalar?]]

  /// Which fields, found by name.
  struct Columns {
    final class Node: Sendable {
      let children: [String: Node]
      /// Where its values go.
      let columns: [Int]

      init(_ paths: [(index: Int, path: ArraySlice<Substring>)]) {
        columns = paths.filter { $0.path.isEmpty }.map(\.index)
        children = Dictionary(grouping: paths.filter { !$0.path.isEmpty }) {
          String($0.path[$0.path.startIndex])
        }.mapValues { Node($0.map { ($0.index, $0.path.dropFirst()) }) }
      }

      /// Those of everything below, too.
      var allColumns: [Int] { columns + children.values.flatMap(\.allColumns) }
    }

    fileprivate let root: Node
    fileprivate let count: Int

    /// - Parameter names: Dotted, of fields that are no objects.
    init(_ names: [String]) {
      count = names.count
      root = Node(
        names.enumerated().map { ($0.offset, $0.element.split(separator: ".")[...]) })
    }
  }

  init(_ columns: Columns, keys: KeyDisplay) {
    self.columns = columns
    self.keys = keys
    cells = Array(repeating: [], count: columns.count)
  }

  /// The values of one object, by column.
  mutating func cells<T: Described>(of value: T) -> [[Scalar?]] {
    node = columns.root
    for index in cells.indices { cells[index].removeAll(keepingCapacity: true) }
    T.fields(of: value, &self)
    return cells
  }

  mutating func scalar(_ name: StaticString, _ value: Scalar?) {
    guard let value, let target = node?.children["\(name)"] else { return }
    for column in target.columns { cells[column].append(value) }
  }

  mutating func scalars(_ name: StaticString, _ values: [Scalar]?) {
    guard let values, let target = node?.children["\(name)"] else { return }
    for column in target.columns { cells[column] += values.map { $0 } }
  }

  mutating func object<T: Described>(_ name: StaticString, _ value: T?) {
    guard let value, let target = node?.children["\(name)"] else { return }
    let outer = node
    node = target
    T.fields(of: value, &self)
    node = outer
  }

  mutating func list<T: Described>(_ name: StaticString, _ values: [T]?) {
    guard let values, let target = node?.children["\(name)"] else { return }
    let outer = node
    node = target
    let inner = target.allColumns
    for value in values {
      let before = inner.map { cells[$0].count }
      T.fields(of: value, &self)
      for (column, count) in zip(inner, before) where cells[column].count == count {
        cells[column].append(nil)
      }
    }
    node = outer
  }
}
