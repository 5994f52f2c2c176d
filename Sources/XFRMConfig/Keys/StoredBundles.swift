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
