internal import Glibc
internal import Netlink

extension FileTree {
  /// Whether a file can be changed by nobody, as it is in a file system that is mounted read-only.
  func isReadOnly(_ path: String) -> Bool {
    // Sound: the text outlives the call.
    unsafe access(self.path(path), W_OK) != 0 && SystemErrno.current == SystemErrno(EROFS)
  }
}
