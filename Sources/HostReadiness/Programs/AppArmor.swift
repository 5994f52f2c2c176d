/// What AppArmor has to say about charon.
struct AppArmor: Hashable, Sendable {
  var isEnabled = false
  /// charon's profile on disk.
  var profile: String?
  /// `enforce` or `complain`, once the kernel has it; `nil` if it has not, or nobody may know.
  var mode: String?
  /// Whether the kernel's list of profiles could be read, which takes root.
  var isListed = false
}

extension AppArmor {
  init(_ tree: FileTree) {
    // Whatever cannot be read is not known, and the check says so.
    isEnabled = (try? tree.line("/sys/module/apparmor/parameters/enabled")) == "Y"
    profile =
      ["usr.lib.ipsec.charon", "usr.libexec.ipsec.charon", "usr.sbin.charon-systemd"]
      .map { "/etc/apparmor.d/\($0)" }.first(where: tree.exists)
    guard let list = try? tree.text("/sys/kernel/security/apparmor/profiles") else { return }
    isListed = true
    mode = list.lines.first { $0.contains("charon") && $0.hasSuffix(")") }
      .flatMap { $0.split(separator: "(").last?.dropLast() }.map(String.init)
  }
}
