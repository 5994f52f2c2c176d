/// Bundles of a directory, without their keys: those that are in use, or the newest.
public struct StoredBundles: KeyBundles {
  /// Where they are.
  public let directory: KeyDirectory
  /// What is wrong with bundles that are there; they count as missing.
  public private(set) var problems: [StoreProblem] = []
  /// Which generations are used; the newest alone where nobody said another.
  public private(set) var uses: [String: KeyGenerations] = [:]
  private var latest: [String: UInt32] = [:]
  private var current: [String: KeyBundle] = [:]
  private var others: [String: KeyBundle] = [:]

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
    self.directory = directory
    for (connection, generations) in try directory.generations().sorted(by: { $0.key < $1.key }) {
      guard connections?.contains(connection) ?? true, let last = generations.last else { continue }
      let use = uses[connection] ?? .settled(last)
      self.uses[connection] = use
      latest[connection] = last
      do throws(StoreProblem) {
        current[connection] = try directory.bundle(of: connection, generation: use.current).bundle
        if let other = use.other {
          others[connection] = try directory.bundle(of: connection, generation: other).bundle
        }
      } catch {
        problems.append(error)
      }
    }
  }

  public func current(of connection: String) -> KeyBundle? { current[connection] }

  public func other(of connection: String) -> KeyBundle? { others[connection] }

  /// The latest generation that is there, used or not; `nil` if there is none.
  ///
  /// - Parameter connection: Its name.
  public func newest(of connection: String) -> UInt32? { latest[connection] }
}
