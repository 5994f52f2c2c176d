import Glibc
import XFRMKit

/// A file, or stdin for `-`, read to its end.
enum InputFile {
  static func read(_ path: String) throws(IPFailure) -> [UInt8] {
    guard path != "-" else { return try readAll(STDIN_FILENO, path) }
    // Sound: the text outlives the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw IPFailure("Cannot open file \"\(path)\" for reading: \(SystemErrno.current)", status: 1)
    }
    defer { close(descriptor) }
    return try readAll(descriptor, path)
  }

  private static func readAll(_ descriptor: Int32, _ path: String) throws(IPFailure) -> [UInt8] {
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
      if length == 0 { return bytes }
    }
  }

  private static let chunk = 1 << 16
}
