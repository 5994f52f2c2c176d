internal import Glibc
internal import Netlink

extension FileTree {
  /// What a symbolic link leads to, in its own words; `nil` if there is no link.
  func link(_ path: String) throws(FileError) -> String? {
    var problem: SystemErrno?
    let limit = Int(PATH_MAX)
    let target = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      // Sound: readlink fills at most the buffer, and reports how much of it.
      let length = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
        unsafe text.baseAddress.map { unsafe readlink(self.path(path), $0, limit) } ?? 0
      }
      if length < 0 { problem = .current }
      count = max(0, length)
    }
    switch problem {
    case nil: return String(decoding: target, as: UTF8.self)
    // What is there and no link is an invalid argument.
    case .noSuchFile, .invalidArgument, SystemErrno(ENOTDIR): return nil
    case .some(let errno): throw FileError(path, errno)
    }
  }

  /// Whether a file can be changed by nobody, as it is in a file system that is mounted read-only.
  func isReadOnly(_ path: String) -> Bool {
    // Sound: the text outlives the call.
    unsafe access(self.path(path), W_OK) != 0 && SystemErrno.current == SystemErrno(EROFS)
  }
}
