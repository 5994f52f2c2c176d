internal import Glibc

/// What a network namespace is called where something is kept of it for longer than it lives.
///
/// It is the same whether the namespace was given by name, by process or by file, and from inside.
enum NamespaceName {
  private static let folder = "/run/netns"

  /// The name that `ip netns` has for it, or the kernel's number where there is none; `nil` for that
  /// of the machine's first process.
  ///
  /// - Parameter inode: What the kernel calls it.
  static func of(_ inode: UInt64) -> String? {
    // Who may not know takes it for that one, which is never wrong where there is no other.
    guard let first = self.inode(of: "/proc/1/ns/net") else { return named(inode) }
    return first == inode ? nil : named(inode) ?? "\(inode)"
  }

  /// The first of the names that `ip netns` has for it; `nil` if there is none.
  ///
  /// - Parameter inode: What the kernel calls it.
  static func named(_ inode: UInt64) -> String? {
    guard let stream = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // Sound: the name of an entry is terminated, and stays until the next is read.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if self.inode(of: "\(folder)/\(name)") == inode { names.append(name) }
    }
    return names.min()
  }

  private static func inode(of path: String) -> UInt64? {
    var status = stat()
    // Sound: text and status outlive the call.
    return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}
