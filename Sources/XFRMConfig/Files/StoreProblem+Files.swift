internal import Glibc
internal import XFRMKit

extension StoreProblem {
  /// A system call that has failed.
  init(_ path: String, _ errno: SystemErrno) {
    self.init(path, "\(errno)")
    isPermission = errno == .accessDenied || errno == .notPermitted
  }

  /// - Parameter predicate: What the path is the subject of.
  init(_ path: String, that predicate: String) {
    self.init(path, sentence: "\(path) \(predicate)")
  }

  /// - Parameter sentence: All of it, with the path.
  init(_ path: String, sentence: String) {
    self.init(path, "")
    description = sentence
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
