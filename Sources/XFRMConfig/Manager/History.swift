/// The configurations that were applied last, or were about to be: their text as it was read, and no
/// keys.
public struct History: Sendable {
  /// So many are kept.
  public static let most = 20

  /// One of them.
  public struct Entry: Equatable, Sendable {
    /// Counted upwards.
    public var number: UInt32
    /// When it was applied, in seconds since 1970.
    public var time: UInt64
    public var configuration: RecordedConfiguration
  }

  private let path: String

  /// - Parameter folder: Where state is kept; the history has a folder of its own there.
  init(in folder: String) { path = folder }

  /// All that there are, the oldest first.
  ///
  /// - Throws: A problem for the first that is not what was written.
  public func entries() throws(StoreProblem) -> [Entry] {
    guard let folder = try PrivateFolder.existing(path)?.existingFolder("history") else {
      return []
    }
    return try Self.entries(folder)
  }

  /// The one with an ID; `nil` if it is not kept any more.
  public func entry(_ id: String) throws(StoreProblem) -> Entry? {
    try entries().last { $0.configuration.id == id }
  }

  /// Keeps one as the newest, and forgets those that are too many.
  ///
  /// - Parameter kept: IDs of those that are not forgotten in any case.
  func add(
    _ configuration: RecordedConfiguration, at time: UInt64, keeping kept: Set<String>
  ) throws(StoreProblem) {
    let folder = try PrivateFolder(path).folder("history")
    let old = try Self.entries(folder)
    let id = configuration.id
    let number = (old.last?.number ?? 0) + 1
    let tree = YAMLNode([
      ("version", YAMLNode(1)), ("time", YAMLNode(time)), ("configuration", configuration.tree),
    ])
    try folder.replace(Self.name(number), with: Array((YAMLWriter.json(tree) + "\n").utf8))
    // Of those that nothing but keys tells apart the newest is enough, or rotations would drive all
    // others out.
    let bare = configuration.withoutKeys
    let isSame = { (entry: Entry) in
      entry.configuration.id == id
        || entry.configuration.withoutKeys == bare && !kept.contains(entry.configuration.id)
    }
    let same = old.filter(isSame)
    let others = old.filter { !isSame($0) }
    let surplus = others.prefix(max(0, others.count + 1 - Self.most))
      .filter { !kept.contains($0.configuration.id) }
    for entry in same + surplus { try folder.remove(Self.name(entry.number)) }
  }

  /// In alphabetical order they are in that of their numbers.
  private static func name(_ number: UInt32) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: 10 - digits.count) + digits + ".json"
  }

  private static func entries(
    _ folder: borrowing PrivateFolder
  ) throws(StoreProblem) -> [Entry] {
    var entries: [Entry] = []
    for name in try folder.names() where name.hasSuffix(".json") {
      guard let number = UInt32(name.dropLast(5)), let file = try folder.file(name) else {
        continue
      }
      guard let tree = YAMLNode.own(try file.content()), tree["version"]?.text == "1",
        let time = tree["time"]?.text.flatMap({ UInt64($0) }),
        let configuration = tree["configuration"].flatMap({ RecordedConfiguration($0) })
      else {
        throw StoreProblem(
          file.path, "it is not what this version of xfrmctl wrote: move it away",
          kind: .unreadable)
      }
      entries.append(Entry(number: number, time: time, configuration: configuration))
    }
    return entries
  }
}
