internal import Glibc
package import XFRMKit

/// Reads what others are not to know.
package enum SecretFile {
  /// Reads a file, or what the command's own descriptor brings.
  ///
  /// - Parameters:
  ///   - path: Its name.
  ///   - most: In bytes; of more one byte more is read.
  ///   - rules: What it has to be like.
  package static func read(
    _ path: String, atMost most: Int, _ rules: FileRules
  ) throws(StoreProblem) -> Secret {
    let descriptor = try rules.open(path, O_RDONLY, as: path)
    defer { close(descriptor) }
    return try read(descriptor, path, atMost: most)
  }

  /// Reads all that a descriptor brings.
  ///
  /// - Parameters:
  ///   - descriptor: What to read from.
  ///   - name: What errors call it.
  ///   - most: In bytes; of more one byte more is read.
  package static func read(
    _ descriptor: Int32, _ name: String, atMost most: Int
  ) throws(StoreProblem) -> Secret {
    var bytes = [UInt8](repeating: 0, count: most + 1)
    // They may be a key, and an array does not wipe itself.
    defer { bytes.wipe() }
    var count = 0
    while count < bytes.count {
      // Sound: so many bytes are left.
      let length = unsafe bytes.withUnsafeMutableBytes { space in
        unsafe Glibc.read(descriptor, space.baseAddress?.advanced(by: count), space.count - count)
      }
      if length == 0 { break }
      if length > 0 {
        count += length
      } else if errno != EINTR {
        throw StoreProblem(name, .current)
      }
    }
    return Secret(bytes.span.extracting(..<count))
  }
}

extension [UInt8] {
  /// Overwrites them, as they were a key.
  mutating func wipe() {
    unsafe withUnsafeMutableBytes { bytes in
      // Sound: exactly the array's own bytes are overwritten.
      if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
    }
  }
}
