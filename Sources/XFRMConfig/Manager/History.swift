/// The configurations that were applied last in a network namespace, or were about to be: their text
/// as it was read, and no keys.
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
    /// Whether it was led back from, so that it was never to stay.
    public var isLedBack = false
    /// Whether it is not known that it was to stay: it was on trial, and nobody has confirmed it, or
    /// the run that was to bring it has come to no end. The machine may have started anew meanwhile.
    public var isUnconfirmed = false

    /// Whether it is one to go back to, and to take guards of.
    var isToStay: Bool { !isLedBack && !isUnconfirmed }
  }

  private let path: String
  private let name: String

  private init(path: String, name: String) {
    self.path = path
    self.name = name
  }

  /// - Parameters:
  ///   - folder: Where state is kept; the history has a folder of its own there.
  ///   - namespace: What the network namespace is called; `nil` for the machine's own.
  init(in folder: String, of namespace: String? = nil) {
    path = folder
    name = "history" + (namespace.map { ".\($0)" } ?? "")
  }

  /// All that there are, the oldest first.
  ///
  /// - Throws: A problem for the first that is not what was written.
  public func entries() throws(StoreProblem) -> [Entry] { try entries { _ in true } }

  /// The one with an ID; `nil` if it is not kept any more.
  public func entry(_ id: String) throws(StoreProblem) -> Entry? {
    if let own = try entries(where: { $0.id == id }).last { return own }
    // The namespace may have had another name when it was applied.
    for other in try others() {
      if let entry = try other.entries(where: { $0.id == id }).last { return entry }
    }
    return nil
  }

  /// Those of other namespaces, or of this one under other names.
  private func others() throws(StoreProblem) -> [History] {
    let names = try PrivateFolder.existing(path)?.names() ?? []
    return names.filter { $0 != name && ($0 == "history" || $0.hasPrefix("history.")) }
      .map { History(path: path, name: $0) }
  }

  /// The one to go back to from another: the last before it that was to stay, with more than guards
  /// and with more than keys apart.
  public func entry(before present: Entry) throws(StoreProblem) -> Entry? {
    let bare = present.configuration.withoutKeys
    return try entries().last { entry in
      entry.number < present.number && entry.isToStay && !entry.configuration.guardsOnly
        && entry.configuration.withoutKeys != bare
    }
  }

  /// The one that was applied last, and was to stay. What cannot be read is passed over: guards of an
  /// earlier one are better than none.
  ///
  /// - Parameter file: A main file that cannot be read any more. If it was never applied here it is
  ///   one that names another namespace, and that one's history is asked. `nil` to ask no other.
  public func latest(of file: String?) throws(StoreProblem) -> Entry? {
    let own = try readableEntries().filter(\.isToStay)
    guard let file, !own.contains(where: { $0.configuration.file == file }) else { return own.last }
    var others: [Entry] = []
    for other in try self.others() { others += try other.readableEntries() }
    let last = others.filter { $0.isToStay && $0.configuration.file == file }
      .filter { $0.configuration.load().configuration?.namespace != nil }
      .max { $0.time < $1.time }
    return last ?? own.last
  }

  /// Keeps one as the newest, and forgets those that are too many.
  ///
  /// - Parameters:
  ///   - configuration: What is applied.
  ///   - time: When, in seconds since 1970.
  ///   - isUnconfirmed: Whether it is still to be reached, or to be confirmed by somebody
  ///     (``markConfirmed(_:keeping:)``), and is not in force already.
  ///   - kept: IDs of those that are not forgotten in any case.
  func add(
    _ configuration: RecordedConfiguration, at time: UInt64, isUnconfirmed: Bool = false,
    keeping kept: Set<String>
  ) throws(StoreProblem) {
    let folder = try PrivateFolder(path).folder(name)
    let old = try folder.names().compactMap { Name($0) }
    let new = Name(number: (old.last?.number ?? 0) + 1, id: configuration.id)
    let entry = Entry(
      number: new.number, time: time, configuration: configuration, isUnconfirmed: isUnconfirmed)
    let replaced = Set(
      try like(configuration, among: old, keeping: kept)
        // What was to stay is a way back from this, and after it.
        .filter { !(isUnconfirmed && $0.isToStay) }.map(\.number))
    try folder.replace(new.text, with: entry.bytes)
    let same = old.filter { replaced.contains($0.number) }
    let others = old.filter { !replaced.contains($0.number) }
    let surplus = others.prefix(max(0, others.count + 1 - Self.most))
      .filter { !kept.contains($0.id) }
    for name in same + surplus { try folder.remove(name.text) }
  }

  /// Those of which the newest is enough, or rotations would drive all others out: nothing but keys
  /// tells them apart. What a rotation comes from is among the newest.
  private func like(
    _ configuration: RecordedConfiguration, among names: [Name], keeping kept: Set<String>
  ) throws(StoreProblem) -> [Entry] {
    let recent = Set(configuration.keys.isEmpty ? [] : names.suffix(4).map(\.number))
    let bare = configuration.withoutKeys
    return try entries {
      $0.id == configuration.id || recent.contains($0.number) && !kept.contains($0.id)
    }.filter { $0.configuration.withoutKeys == bare }
  }

  /// Notes that one was led back from.
  ///
  /// - Parameter id: Its ID.
  func markLedBack(_ id: String) throws(StoreProblem) {
    try mark(id) { $0.isLedBack = true }
  }

  /// Notes that one is to stay. Those that are the same but for keys are forgotten.
  ///
  /// - Parameters:
  ///   - id: Its ID.
  ///   - kept: IDs of others that are not forgotten in any case.
  func markConfirmed(_ id: String, keeping kept: Set<String>) throws(StoreProblem) {
    try mark(id) { $0.isUnconfirmed = false }
    // It is confirmed whatever becomes of the others.
    try? forgetThoseLike(id, keeping: kept)
  }

  private func forgetThoseLike(_ id: String, keeping kept: Set<String>) throws(StoreProblem) {
    guard let folder = try PrivateFolder.existing(path)?.existingFolder(name) else { return }
    let names = try folder.names().compactMap { Name($0) }
    guard let entry = try entries(where: { $0.id == id }).last else { return }
    for old in try like(entry.configuration, among: names, keeping: kept)
    where old.number < entry.number {
      try folder.remove(Name(number: old.number, id: old.configuration.id).text)
    }
  }

  /// Marks the newest of those with an ID.
  private func mark(_ id: String, _ change: (inout Entry) -> Void) throws(StoreProblem) {
    // The namespace may have had another name when it was applied.
    for history in [self] + (try others()) {
      guard var entry = try history.entries(where: { $0.id == id }).last else { continue }
      change(&entry)
      return try PrivateFolder(path).folder(history.name)
        .replace(Name(number: entry.number, id: id).text, with: entry.bytes)
    }
  }

  /// What a file is called: `0000000007.91c2a07e.json`. In alphabetical order they are in that of
  /// their numbers, and none has to be read to find one.
  private struct Name {
    var number: UInt32
    var id: String

    init(number: UInt32, id: String) {
      self.number = number
      self.id = id
    }

    init?(_ text: String) {
      let parts = text.split(separator: ".")
      guard parts.count == 3, parts[2] == "json", let number = UInt32(parts[0]) else { return nil }
      self.init(number: number, id: String(parts[1]))
    }

    var text: String {
      let digits = "\(number)"
      return String(repeating: "0", count: 10 - digits.count) + "\(digits).\(id).json"
    }
  }

  private func entries(where isWanted: (Name) -> Bool) throws(StoreProblem) -> [Entry] {
    guard let folder = try PrivateFolder.existing(path)?.existingFolder(name) else {
      return []
    }
    var entries: [Entry] = []
    for name in try folder.names().compactMap({ Name($0) }) where isWanted(name) {
      if let entry = try Self.entry(name, in: folder) { entries.append(entry) }
    }
    return entries
  }

  /// All but those that cannot be read.
  private func readableEntries() throws(StoreProblem) -> [Entry] {
    guard let folder = try PrivateFolder.existing(path)?.existingFolder(name) else { return [] }
    var entries: [Entry] = []
    for name in try folder.names().compactMap({ Name($0) }) {
      if let entry = (try? Self.entry(name, in: folder)) ?? nil { entries.append(entry) }
    }
    return entries
  }

  private static func entry(
    _ name: Name, in folder: borrowing PrivateFolder
  ) throws(StoreProblem) -> Entry? {
    guard let file = try folder.existingFile(name.text) else { return nil }
    guard let tree = YAMLNode.own(try file.content()), tree["version"]?.text == "1",
      let time = tree["time"]?.text.flatMap({ UInt64($0) }),
      let configuration = tree["configuration"].flatMap({ RecordedConfiguration($0) }),
      configuration.id == name.id
    else {
      throw StoreProblem(
        file.path, "it is not what this version of xfrmctl wrote: move it away", kind: .unreadable)
    }
    return Entry(
      number: name.number, time: time, configuration: configuration,
      isLedBack: tree["ledBack"] != nil, isUnconfirmed: tree["unconfirmed"] != nil)
  }
}

extension History.Entry {
  /// What its file has.
  fileprivate var bytes: [UInt8] {
    let tree = YAMLNode([
      ("version", YAMLNode(1)), ("time", YAMLNode(time)),
      ("ledBack", isLedBack ? YAMLNode(true) : nil),
      ("unconfirmed", isUnconfirmed ? YAMLNode(true) : nil), ("configuration", configuration.tree),
    ])
    return Array((YAMLWriter.json(tree) + "\n").utf8)
  }
}
