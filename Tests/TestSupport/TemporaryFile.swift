internal import Glibc

/// A file that goes away when it is no longer needed.
public final class TemporaryFile: Sendable {
  public let path: String

  /// It could not be written.
  public struct Failure: Error {
    public var errno: Int32
  }

  /// Writes a file that its owner alone may read.
  public init(_ bytes: [UInt8]) throws {
    var name = Array("/tmp/xfrmctl-test-XXXXXX".utf8CString)
    // Sound: the name is terminated, and as long as it was.
    let descriptor = unsafe mkstemp(&name)
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw Failure(errno: errno) }
    defer { close(descriptor) }
    // Sound: the bytes outlive the call.
    let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else { throw Failure(errno: errno) }
  }

  deinit { _ = unsafe unlink(path) }
}
