/// What the calling process may do: `/proc/self/status`.
struct Privilege: Hashable, Sendable {
  /// `CAP_…`
  enum Capability: Int, CaseIterable, Hashable, Sendable {
    case netAdmin = 12
    case sysModule = 16
    case sysAdmin = 21

    var name: String {
      switch self {
      case .netAdmin: "CAP_NET_ADMIN"
      case .sysModule: "CAP_SYS_MODULE"
      case .sysAdmin: "CAP_SYS_ADMIN"
      }
    }
  }

  /// `CapEff`: one bit for each capability that counts in the process's own user namespace.
  var effective: UInt64
  /// Whether that is the system's first user namespace; in any other the capabilities say nothing
  /// about the system's own things.
  var isInitialUserNamespace: Bool

  func holds(_ capability: Capability) -> Bool { effective >> UInt64(capability.rawValue) & 1 == 1 }
}

extension Privilege {
  /// `nil` if the files do not tell.
  init?(_ tree: FileTree) throws(FileError) {
    guard let status = try tree.text("/proc/self/status"),
      let line = status.lines.first(where: { $0.hasPrefix("CapEff:") }),
      let digits = line.words.last, let effective = UInt64(digits, radix: 16)
    else { return nil }
    self.effective = effective
    // All numbers stand for themselves only where nothing is mapped.
    let map = try tree.line("/proc/self/uid_map").map { $0.words.map(String.init) }
    isInitialUserNamespace = map == nil || map == ["0", "0", "4294967295"]
  }
}
