internal import XFRMKit

/// A directory of bundles, one file for each generation of a connection's keys:
/// `berlin-paris.3.keys`
public struct KeyDirectory: Hashable, Sendable {
  /// Where this host's bundles are.
  public static let usualPath = "/var/lib/xfrmctl/keys"

  public var path: String

  /// A directory; it need not be there yet.
  public init(_ path: String = KeyDirectory.usualPath) { self.path = path }

  /// Opens it, and makes it if it is not there.
  func folder() throws(StoreProblem) -> PrivateFolder { try PrivateFolder(path, .usersFolder) }

  private func existingFolder() throws(StoreProblem) -> PrivateFolder? {
    try .existing(path, .usersFolder)
  }

  /// Where a bundle is, whether it is there or not.
  public func file(of connection: String, generation: UInt32) -> String {
    "\(path)/\(Self.name(connection, generation))"
  }

  /// Which generations there are of each connection, the oldest first.
  public func generations() throws(StoreProblem) -> [String: [UInt32]] {
    var found: [String: [UInt32]] = [:]
    for name in try existingFolder()?.names() ?? [] {
      if let (connection, generation) = Self.parts(name) {
        found[connection, default: []].append(generation)
      }
    }
    return found.mapValues { $0.sorted() }
  }

  /// Reads a bundle.
  ///
  /// It is refused if others can read it, if it is not whole, and if it is another than its name
  /// says.
  public func bundle(
    of connection: String, generation: UInt32
  ) throws(StoreProblem) -> KeyBundleFile {
    let path = file(of: connection, generation: generation)
    guard let folder = try existingFolder() else { throw StoreProblem(path, .noSuchFile) }
    let text = try folder.file(Self.name(connection, generation))
      .secret(atMost: KeyBundleFile.mostBytes)
    let bundle: KeyBundleFile
    do throws(KeyBundleFile.Damage) {
      bundle = try KeyBundleFile(text: text)
    } catch {
      throw StoreProblem(path, that: error.sentence)
    }
    guard bundle.connection == connection else {
      throw StoreProblem(path, that: "is for another connection: \(bundle.connection)")
    }
    guard bundle.generation == generation else {
      throw StoreProblem(path, that: "is another generation: \(bundle.generation)")
    }
    return bundle
  }

  /// Writes a bundle, and reads it back.
  func write(_ bundle: KeyBundleFile) throws(StoreProblem) {
    try bundle.withText { text throws(StoreProblem) in
      try folder().replace(Self.name(bundle.connection, bundle.generation), with: text)
    }
    let written = try self.bundle(of: bundle.connection, generation: bundle.generation)
    guard written == bundle else {
      throw StoreProblem(
        file(of: bundle.connection, generation: bundle.generation),
        that: "is not what was written to it")
    }
  }

  /// Overwrites a bundle and takes it away.
  public func delete(_ connection: String, generation: UInt32) throws(StoreProblem) {
    guard let folder = try existingFolder() else {
      throw StoreProblem(file(of: connection, generation: generation), .noSuchFile)
    }
    try folder.locked { () throws(StoreProblem) in
      try folder.erase(Self.name(connection, generation))
    }
  }

  // MARK: Names of files

  private static let suffix = ".keys"

  private static func name(_ connection: String, _ generation: UInt32) -> String {
    "\(connection).\(generation)\(suffix)"
  }

  private static func parts(_ name: String) -> (connection: String, generation: UInt32)? {
    guard name.hasSuffix(suffix) else { return nil }
    let stem = name.dropLast(suffix.count)
    guard let dot = stem.lastIndex(of: "."), dot > stem.startIndex,
      let generation = UInt32(stem[stem.index(after: dot)...]), generation > 0,
      // No file has two names.
      name == Self.name(String(stem[..<dot]), generation)
    else { return nil }
    return (String(stem[..<dot]), generation)
  }
}
