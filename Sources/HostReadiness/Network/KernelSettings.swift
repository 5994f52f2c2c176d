/// The network's settings below `/proc/sys`, by their path there: `net/ipv4/ip_forward`.
struct KernelSettings: Sendable {
  private(set) var values: [String: Int] = [:]
  /// Settings that nobody can change from here, as in most containers.
  var readOnly: Set<String> = []
  /// Interfaces with settings of their own, but for the loopback.
  private(set) var interfaces: [String] = []

  /// `nil` if the kernel does not show it.
  subscript(path: String) -> Int? { values[path] }

  /// One of the settings that each interface has, or `all` of them.
  subscript(ipv4 setting: String, of interface: String) -> Int? {
    values[Self.path(setting, of: interface)]
  }

  static func path(
    _ setting: String, of interface: String, _ family: String = "ipv4"
  ) -> String { "net/\(family)/conf/\(interface)/\(setting)" }

  /// What `sysctl` calls a setting: `net.ipv4.conf.eth0/100.rp_filter` for an interface `eth0.100`.
  static func name(of path: String) -> String {
    String(
      path.map { character in
        switch character {
        case "/": "."
        case ".": "/"
        default: character
        }
      })
  }
}

extension KernelSettings {
  private static let single = [
    "net/ipv4/ip_forward", "net/ipv4/ip_no_pmtu_disc", "net/core/xfrm_larval_drop",
    "net/ipv4/conf/all/route_localnet", "net/ipv6/conf/all/forwarding",
  ]
  private static let ofInterfaces = [
    "forwarding", "rp_filter", "send_redirects", "accept_redirects", "disable_xfrm",
    "disable_policy",
  ]

  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(_ tree: FileTree, failures: inout [FileError]) {
    let names = failures.collect { () throws(FileError) in
      try tree.names(in: "/proc/sys/net/ipv4/conf")
    }
    interfaces = (names ?? []).filter { !["all", "default", "lo"].contains($0) }
    let everywhere = (names == nil ? [] : ["all"]) + interfaces
    let paths =
      Self.single
      + everywhere.flatMap { interface in
        Self.ofInterfaces.map { Self.path($0, of: interface) }
          + [Self.path("disable_policy", of: interface, "ipv6")]
      }
    for path in paths {
      let line = failures.collect { () throws(FileError) in try tree.line("/proc/sys/\(path)") }
      guard let line, let value = Int(line) else { continue }
      values[path] = value
      if tree.isReadOnly("/proc/sys/\(path)") { readOnly.insert(path) }
    }
  }
}
