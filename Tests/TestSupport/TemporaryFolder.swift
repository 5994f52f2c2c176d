internal import FoundationEssentials
internal import Glibc

/// A directory that goes away, with all that is in it, when it is no longer needed.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// Makes one that its owner alone may enter.
  public init() throws {
    var name = Array("/tmp/xfrmctl-test-XXXXXX".utf8CString)
    // Sound: the name is terminated, and as long as it was.
    guard unsafe mkdtemp(&name) != nil else { throw TemporaryFile.Failure(errno: errno) }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// What is in a file.
  public func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: file(name))))
  }

  /// Writes a file that its owner alone may read.
  public func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
    guard unsafe chmod(file(name), 0o600) == 0 else { throw TemporaryFile.Failure(errno: errno) }
  }

  /// The names of all that is in it, and below.
  public var names: [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
