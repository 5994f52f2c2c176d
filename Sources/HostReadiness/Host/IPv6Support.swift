/// Whether the running kernel speaks IPv6.
enum IPv6Support: Hashable, Sendable {
  case active
  /// Its module could be loaded but is not.
  case notLoaded
  /// Somebody does not want it; the text says where that is written.
  case disabled(String)
  case absent
  case unknown
}

extension IPv6Support {
  init(_ tree: FileTree, _ ipv6: ModuleCondition) throws(FileError) {
    if tree.exists("/proc/net/if_inet6") {
      self = .active
      return
    }
    if try tree.line("/sys/module/ipv6/parameters/disable") == "1" {
      self = .disabled("ipv6.disable=1")
      return
    }
    self =
      switch ipv6.state {
      case .loadable, .onDisk: .notLoaded
      case .blocked: .disabled(ipv6.block.map { "“\($0.text)” in \($0.location)" } ?? "modprobe.d")
      case .missing: .absent
      case .builtIn, .loaded: .disabled("there is no /proc/net/if_inet6")
      case .unknown: .unknown
      }
  }

  /// Whether the host is meant to do without.
  var isGone: Bool {
    switch self {
    case .disabled, .absent: true
    case .active, .notLoaded, .unknown: false
    }
  }
}
