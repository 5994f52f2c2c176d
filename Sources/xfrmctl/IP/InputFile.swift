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
    while true {
      var failure: SystemErrno?
      var length = 0
      bytes.reserveCapacity(max(bytes.count * 2, 1 << 16))
      bytes.append(addingCapacity: 1 << 16) { space in
        unsafe space.withUnsafeMutableBufferPointer { free, count in
          // Sound: there is room for so many bytes.
          length = unsafe Glibc.read(descriptor, free.baseAddress, 1 << 16)
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
}
