internal import Synchronization

/// Bundles that were read: each has the SPIs and the keys of two SAs, which are wanted to expand a
/// configuration, for a plan, and to carry that out. So what is installed is what was planned with,
/// too.
final class ReadBundles: Sendable {
  private struct Name: Hashable {
    var connection: String
    var generation: UInt32
  }

  let directory: KeyDirectory
  private let bundles = Mutex<[Name: KeyBundleFile]>([:])

  init(_ directory: KeyDirectory) { self.directory = directory }

  func bundle(
    of connection: String, generation: UInt32
  ) throws(StoreProblem) -> KeyBundleFile {
    let name = Name(connection: connection, generation: generation)
    if let bundle = bundles.withLock({ $0[name] }) { return bundle }
    let bundle = try directory.bundle(of: connection, generation: generation)
    bundles.withLock { $0[name] = bundle }
    return bundle
  }
}
