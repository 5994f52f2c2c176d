internal import CNetlink
internal import Glibc

/// A user namespace of the process's own, in which it may make and change network namespaces
/// without any privilege outside.
public enum UserNamespace {
  /// Moves the process into a new user namespace as its root.
  ///
  /// The process must not have started a thread yet.
  public static func enter() throws(NetlinkError) {
    let (user, group) = (geteuid(), getegid())
    let result = cnl_new_user_namespace()
    guard result == 0 else { throw .system(.createUserNamespace, SystemErrno(-result)) }
    // Giving up setgroups(2) is what an unprivileged process pays for mapping its group.
    for (file, text) in [
      ("setgroups", "deny"), ("uid_map", "0 \(user) 1"), ("gid_map", "0 \(group) 1"),
    ] {
      try write(text, to: "/proc/self/\(file)")
    }
  }

  private static func write(_ text: String, to path: String) throws(NetlinkError) {
    // Sound: path and text outlive the calls they are lent to.
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.createUserNamespace, .current) }
    defer { close(descriptor) }
    guard unsafe Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
      throw .system(.createUserNamespace, .current)
    }
  }
}
