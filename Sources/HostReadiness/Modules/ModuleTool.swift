/// The program that loads modules.
struct ModuleTool: Hashable, Sendable {
  var path: String
  /// What it really is, as far as a link tells: `kmod` or `busybox`.
  var implementation: String?

  /// `nil` if the host has none.
  init?(_ tree: FileTree) {
    let directories = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/run/current-system/sw/bin"]
    guard let path = directories.map({ "\($0)/modprobe" }).first(where: tree.exists) else {
      return nil
    }
    self.path = path
    // If it cannot be read the report says less.
    implementation = (try? tree.link(path))?.split(separator: "/").last.map(String.init)
  }
}
