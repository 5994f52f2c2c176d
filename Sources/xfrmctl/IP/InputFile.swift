import Glibc
import XFRMKit

/// A file, or stdin for `-`, read to its end.
struct InputFile {
  let path: String
  let bytes: [UInt8]
  /// Whether somebody else finds the same bytes at the path.
  private let isRepeatable: Bool

  /// - Parameter most: In bytes; of more somewhat more is read.
  init(_ path: String, atMost most: Int = .max) throws(IPFailure) {
    self.path = path
    guard path != "-" else {
      bytes = try Self.readAll(STDIN_FILENO, path, most)
      isRepeatable = false
      return
    }
    // Sound: the text outlives the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw IPFailure("Cannot open file \"\(path)\" for reading: \(SystemErrno.current)", status: 1)
    }
    defer { close(descriptor) }
    bytes = try Self.readAll(descriptor, path, most)
    // What comes out of a pipe has come out.
    isRepeatable = lseek(descriptor, 0, SEEK_CUR) >= 0
  }

  /// Lets another program read the same bytes: at a path, `-` if they are on stdin now.
  func offer() throws(IPFailure) -> String {
    if isRepeatable { return path }
    let name = "/xfrmctl-\(getpid())"
    // In memory, as they may hold keys. Sound: the texts outlive the calls.
    let memory = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard memory >= 0 else { throw Self.cannotKeep(path) }
    unsafe shm_unlink(name)
    defer { close(memory) }
    var rest = bytes[...]
    while !rest.isEmpty {
      // Sound: the bytes outlive the call.
      let count = unsafe rest.withUnsafeBytes { unsafe write(memory, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Self.cannotKeep(path) }
      rest = rest.dropFirst(count)
    }
    guard lseek(memory, 0, SEEK_SET) == 0, dup2(memory, STDIN_FILENO) == STDIN_FILENO else {
      throw Self.cannotKeep(path)
    }
    return "-"
  }

  private static func cannotKeep(_ path: String) -> IPFailure {
    IPFailure("Cannot keep \"\(path)\" in memory: \(SystemErrno.current)", status: 1)
  }

  private static func readAll(
    _ descriptor: Int32, _ path: String, _ most: Int
  ) throws(IPFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var status = stat()
    // Sound: the status outlives the call. Without a size, as of a pipe, the array grows as it must.
    if unsafe fstat(descriptor, &status) == 0 {
      bytes.reserveCapacity(min(Int(status.st_size), 1 << 30) + chunk)
    }
    while true {
      var failure: SystemErrno?
      var length = 0
      bytes.append(addingCapacity: chunk) { space in
        unsafe space.withUnsafeMutableBufferPointer { free, count in
          // Sound: there is room for so many bytes.
          length = unsafe Glibc.read(descriptor, free.baseAddress, chunk)
          if length < 0 { failure = .current } else { count = length }
        }
      }
      if let failure {
        if failure == SystemErrno(EINTR) { continue }
        throw IPFailure("Cannot read \"\(path)\": \(failure)", status: 1)
      }
      if length == 0 || bytes.count > most { return bytes }
    }
  }

  private static let chunk = 1 << 16
}
