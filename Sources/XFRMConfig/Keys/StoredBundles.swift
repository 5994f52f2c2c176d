/// Bundles of a directory: those that are in use, or the newest. Their keys are for a
/// ``KeyResolver`` alone.
public struct StoredBundles: KeyBundles {
  /// Where they are.
  public var directory: KeyDirectory { read.directory }
  let read: ReadBundles
  /// What is wrong with bundles that are there; they count as missing.
  public private(set) var problems: [StoreProblem] = []
  /// Which generations are used; the newest alone where nobody said another.
  public private(set) var uses: [String: KeyGenerations] = [:]
  private var latest: [String: UInt32] = [:]
  private var current: [String: KeyBundle] = [:]
  private var others: [String: KeyBundle] = [:]
  private var faults: [String: String] = [:]

  /// Reads the bundles of each connection that are used.
  ///
  /// - Parameters:
  ///   - directory: Where they are.
  ///   - connections: Of which; of all if `nil`.
  ///   - uses: Which generations are used; the newest of connections that are not among them.
  public init(
    _ directory: KeyDirectory, of connections: Set<String>? = nil,
    using uses: [String: KeyGenerations] = [:]
  ) throws(StoreProblem) {
    read = ReadBundles(directory)
    let generations = try directory.generations()
    for connection in Set(generations.keys).union(uses.keys).sorted() {
      let last = generations[connection]?.last
      guard connections?.contains(connection) ?? true,
        let use = uses[connection] ?? last.map({ .settled($0) })
      else { continue }
      self.uses[connection] = use
      latest[connection] = last
      current[connection] = load(connection, use.current)
      if let other = use.other { others[connection] = load(connection, other) }
    }
  }

  private mutating func load(_ connection: String, _ generation: UInt32) -> KeyBundle? {
    do throws(StoreProblem) {
      return try read.bundle(of: connection, generation: generation).bundle
    } catch {
      problems.append(error)
      faults[connection] =
        error.isMissing
        ? "generation \(generation) is missing in \(directory.path)" : error.description
      return nil
    }
  }

  public func current(of connection: String) -> KeyBundle? { current[connection] }

  public func other(of connection: String) -> KeyBundle? { others[connection] }

  public func problem(of connection: String) -> String? { faults[connection] }

  /// The latest generation that is there, used or not; `nil` if there is none.
  ///
  /// - Parameter connection: Its name.
  public func newest(of connection: String) -> UInt32? { latest[connection] }
}
