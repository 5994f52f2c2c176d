internal import Glibc
internal import XFRMKit

/// What is in a file.
enum FileContent {
  /// Reads a regular file.
  ///
  /// - Parameter most: In bytes; of a larger file one byte more is read.
  static func read(
    _ path: String, atMost most: Int
  ) throws(ConfigurationFiles.Unreadable) -> [UInt8] {
    // A pipe that nobody writes to would block. Sound: the path outlives the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .init("\(SystemErrno.current)") }
    defer { close(descriptor) }
    var status = stat()
    // Sound: the status outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { throw .init("\(SystemErrno.current)") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .init("it is no regular file") }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= most {
      // Sound: every read stays within the chunk.
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .init("\(SystemErrno.current)") }
      guard count > 0 else { break }
      bytes += chunk.prefix(count)
    }
    return bytes
  }
}
