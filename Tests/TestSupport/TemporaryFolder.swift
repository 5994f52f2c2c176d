internal import CInterposition
internal import FoundationEssentials
internal import Glibc

/// A folder that goes away with all that is in it when it is no longer needed.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// Makes a folder that its owner alone gets into.
  ///
  /// - Parameter parent: Where it is to be.
  public init(in parent: String = "/tmp") throws {
    var name = Array("\(parent)/xfrmctl-test-XXXXXX".utf8CString)
    // Sound: the name is terminated, and as long as it was.
    let isMade = unsafe mkdtemp(&name) != nil
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard isMade else { throw TemporaryFile.Failure(errno: errno) }
  }

  // A folder that stays behind is no reason to fail.
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

/// What a thread may do with the disk.
public enum Disk {
  /// Runs `body` with a disk that fails after so many writes, each time.
  public static func failing<Value>(
    after count: Int, _ errno: Int32, _ body: () throws -> Value
  ) rethrows -> Value {
    cni_fail_files(Int32(count), errno)
    defer { cni_fail_files(-1, 0) }
    return try body()
  }
}

/// Who may use a file.
public enum FileMode {
  /// Changes it.
  public static func set(_ mode: UInt32, of path: String) {
    // Sound: the text outlives the call.
    _ = unsafe chmod(path, mode)
  }

  /// What it is; 0 if there is no file.
  public static func of(_ path: String) -> UInt32 {
    var status = stat()
    // Sound: text and status outlive the call.
    return unsafe lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  /// Makes a pipe with a name, in the place of a file.
  public static func makePipe(_ path: String) {
    // Sound: the text outlives the calls.
    _ = unsafe unlink(path)
    _ = unsafe mkfifo(path, 0o600)
  }
}
