/// How the system came up: by whom, with what in force, and whether it ought to again.
struct SystemStart: Hashable, Sendable {
  /// Whether the first process is systemd.
  var isSystemd = false
  /// What asks for a reboot.
  var rebootWanted: [Evidence] = []
  /// `integrity`, `confidentiality` or `none`: what a locked down kernel keeps from root.
  var lockdown: String?
  /// Whether the firmware boots only what is signed; `nil` where it has no such thing or does not
  /// tell.
  var isSecureBoot: Bool?
}

extension SystemStart {
  init(_ tree: FileTree) throws(FileError) {
    isSystemd = tree.exists("/run/systemd/system")
    let flag = ["/run/reboot-required", "/var/run/reboot-required"].first(where: tree.exists)
    if let flag {
      let packages = try tree.text("\(flag).pkgs")?.lines.map(String.init) ?? []
      rebootWanted = [Evidence(flag, packages.isEmpty ? "is there" : packages.asList)]
    }
    // The one in force stands in brackets.
    lockdown = try tree.line("/sys/kernel/security/lockdown")
      .flatMap { $0.split(separator: "[").last?.split(separator: "]").first.map(String.init) }
    // Four bytes of attributes, then the value.
    isSecureBoot = try tree.text(Self.secureBoot)?.unicodeScalars.last.map { $0.value == 1 }
  }

  static let secureBoot =
    "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
}
