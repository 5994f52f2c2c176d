/// The names of a type's fields, or some of them.
struct FieldTree {
  /// By name; none for a field that is no object.
  var children: [String: FieldTree] = [:]
  /// The names in the order of the type.
  private(set) var names: [String] = []
  /// In a selection: all below it, too.
  var isWhole = false

  /// Everything that a type has.
  init<T: Described>(of type: T.Type) {
    var visitor = NameVisitor()
    T.fields(of: nil, &visitor)
    self = visitor.tree
  }

  /// A part of a tree.
  fileprivate init() {}

  /// The dotted names of everything that is no object, in the type's order.
  var leaves: [String] {
    names.flatMap { name -> [String] in
      guard let child = children[name], !child.names.isEmpty else { return [name] }
      return child.leaves.map { "\(name).\($0)" }
    }
  }

  /// Every dotted name, those of objects included.
  var all: [String] {
    names.flatMap { name in
      [name] + (children[name]?.all.map { "\(name).\($0)" } ?? [])
    }
  }

  /// What lies below a dotted name; `nil` if there is no such name.
  func subtree(_ path: String) -> FieldTree? {
    path.split(separator: ".", omittingEmptySubsequences: false)
      .reduce(self as FieldTree?) { tree, name in tree?.children[String(name)] }
  }

  /// Those that are named, for a writer of objects.
  static func selection(of paths: [String]) -> FieldTree {
    var tree = FieldTree()
    for path in paths { tree.insert(path.split(separator: ".").map(String.init)[...]) }
    return tree
  }

  private mutating func insert(_ path: ArraySlice<String>) {
    guard let name = path.first else {
      isWhole = true
      return
    }
    children[name, default: FieldTree()].insert(path.dropFirst())
  }

  fileprivate mutating func add(_ name: StaticString, _ child: FieldTree = FieldTree()) {
    names.append("\(name)")
    children["\(name)"] = child
  }
}

/// Hears names only.
private struct NameVisitor: FieldVisitor {
  let keys = KeyDisplay()
  var tree = FieldTree()

  mutating func scalar(_ name: StaticString, _: Scalar?) { tree.add(name) }
  mutating func scalars(_ name: StaticString, _: [Scalar]?) { tree.add(name) }

  mutating func object<T: Described>(_ name: StaticString, _: T?) {
    tree.add(name, FieldTree(of: T.self))
  }

  mutating func list<T: Described>(_ name: StaticString, _: [T]?) {
    tree.add(name, FieldTree(of: T.self))
  }
}
