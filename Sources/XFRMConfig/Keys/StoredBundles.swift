/// The bundles that a configuration had when it was applied, without their keys: there may be newer
/// ones by now.
public struct PinnedBundles: KeyBundles {
  private let stored: StoredBundles
  private let generations: [String: UInt32]

  /// Bundles of certain generations.
  ///
  /// - Parameters:
  ///   - stored: Where they are.
  ///   - generations: By connection; of the others it is the newest.
  public init(_ stored: StoredBundles, _ generations: [String: UInt32]) {
    self.stored = stored
    self.generations = generations
  }

  public func current(of connection: String) -> KeyBundle? {
    guard let generation = generations[connection] else { return stored.current(of: connection) }
    // What cannot be read counts as missing, as with those that are stored.
    return (try? stored.bundle(of: connection, generation: generation)) ?? nil
  }
}

/// The newest bundles of a directory, without their keys.
public struct StoredBundles: KeyBundles {
  /// Where they are.
  public let directory: KeyDirectory
  /// What is wrong with bundles that are there; they count as missing.
  public private(set) var problems: [StoreProblem] = []
  private var newest: [String: KeyBundle] = [:]

  /// Reads the newest bundle of each connection.
  ///
  /// - Parameters:
  ///   - directory: Where they are.
  ///   - connections: Of which; of all if `nil`.
  public init(
    _ directory: KeyDirectory, of connections: Set<String>? = nil
  ) throws(StoreProblem) {
    self.directory = directory
    for (connection, generations) in try directory.generations().sorted(by: { $0.key < $1.key }) {
      guard connections?.contains(connection) ?? true, let last = generations.last else { continue }
      do throws(StoreProblem) {
        newest[connection] = try directory.bundle(of: connection, generation: last).bundle
      } catch {
        problems.append(error)
      }
    }
  }

  public func current(of connection: String) -> KeyBundle? { newest[connection] }

  /// A certain generation; `nil` if it is not there.
  ///
  /// - Parameters:
  ///   - connection: Its name.
  ///   - generation: Counted upwards, from 1.
  public func bundle(
    of connection: String, generation: UInt32
  ) throws(StoreProblem) -> KeyBundle? {
    if let bundle = newest[connection], bundle.generation == generation { return bundle }
    guard try directory.generations()[connection]?.contains(generation) == true else { return nil }
    return try directory.bundle(of: connection, generation: generation).bundle
  }
}
