internal import Glibc
package import XFRMKit

/// Reads files that hold what others are not to know.
package enum SecretFile {
  /// What is asked of a file before anything is read of it.
  package struct Rules: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Nobody but its owner can do anything with it.
    package static let closed = Rules(rawValue: 1)
    /// It belongs to the caller or to root: whoever it belongs to can read it at any time.
    package static let owned = Rules(rawValue: 2)
    /// It is no pipe, no device and no directory.
    package static let regular = Rules(rawValue: 4)
    /// Its name is no symbolic link.
    package static let noLink = Rules(rawValue: 8)

    /// For files that we write ourselves.
    static let ours: Rules = [.closed, .owned, .regular, .noLink]
  }

  /// Reads a file, or what the command's own descriptor brings.
  ///
  /// - Parameters:
  ///   - path: Its name.
  ///   - most: In bytes; of more one byte more is read.
  ///   - rules: What it has to be like.
  package static func read(
    _ path: String, atMost most: Int, _ rules: Rules
  ) throws(StoreProblem) -> Secret {
    var flags = O_RDONLY | O_CLOEXEC | O_NOCTTY
    if rules.contains(.noLink) { flags |= O_NOFOLLOW }
    // A pipe that nobody writes to would block.
    if rules.contains(.regular) { flags |= O_NONBLOCK }
    // Sound: the path outlives the call.
    let descriptor = unsafe open(path, flags)
    guard descriptor >= 0 else {
      throw errno == ELOOP && rules.contains(.noLink)
        ? StoreProblem(path, that: "is a symbolic link; name the file itself")
        : StoreProblem(path, .current)
    }
    defer { close(descriptor) }
    try check(descriptor, path, rules)
    return try read(descriptor, path, atMost: most)
  }

  /// Looks at what was opened, and not at what has its name by now.
  static func check(
    _ descriptor: Int32, _ path: String, _ rules: Rules
  ) throws(StoreProblem) {
    var status = stat()
    // Sound: the status outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { throw StoreProblem(path, .current) }
    if rules.contains(.regular), status.st_mode & S_IFMT != S_IFREG {
      throw StoreProblem(path, that: "is no regular file")
    }
    if rules.contains(.owned), status.st_uid != 0, status.st_uid != geteuid() {
      throw StoreProblem(
        path, that: "belongs to somebody else (user \(status.st_uid)): chown \(geteuid()) \(path)")
    }
    if rules.contains(.closed), status.st_mode & 0o077 != 0 {
      throw StoreProblem(path, that: "can be read by others: chmod 600 \(path)")
    }
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
