/// What the system lets its users do with namespaces of their own.
struct UserNamespaceLimits: Hashable, Sendable {
  /// A setting that forbids it, and what it says.
  var obstacle: Evidence?
  /// Whether any of the settings was there to be read.
  var isKnown = false
}

extension UserNamespaceLimits {
  init(_ tree: FileTree) throws(FileError) {
    let settings = [
      // AppArmor's; Ubuntu sets it since 23.10.
      ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
      // Debian's own, in its kernels only.
      ("/proc/sys/kernel/unprivileged_userns_clone", "0"),
      ("/proc/sys/user/max_user_namespaces", "0"),
    ]
    for (file, forbidden) in settings {
      guard let value = try tree.line(file) else { continue }
      isKnown = true
      if value == forbidden, obstacle == nil { obstacle = Evidence(file, value) }
    }
  }

  /// The setting's name, as sysctl has it.
  var setting: String? {
    obstacle.map { String($0.source.dropFirst("/proc/sys/".count).replacing("/", with: ".")) }
  }
}
