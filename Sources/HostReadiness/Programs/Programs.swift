/// The programs of a host that have to do with IPsec: IKE daemons, how they are set up, and what
/// they are kept from.
struct Programs: Hashable, Sendable {
  /// IKE daemons that are installed.
  var installed: [IKEDaemon: String] = [:]
  /// IKE daemons that run.
  var running: [RunningDaemon] = []
  /// How charon is to treat its plugins, by their names.
  var plugins: [String: Plugin] = [:]
  /// What makes a process of charon's a user of libipsec.
  var userlandESP: [Evidence] = []
  /// TUN interfaces that are called what kernel-libipsec calls its own.
  var tunnels: [Evidence] = []
  var hasTunDevice = false
  var appArmor = AppArmor()
  /// The units that start strongSwan.
  var units: [UnitSandbox] = []
}

/// A program that negotiates SAs.
enum IKEDaemon: Hashable, Sendable, CaseIterable {
  case charon
  case pluto

  /// Where distributions, and those who build it themselves, put it.
  fileprivate var paths: [String] {
    let names = self == .charon ? ["charon", "charon-systemd"] : ["pluto"]
    let directories = [
      "/usr/lib/ipsec", "/usr/libexec/ipsec", "/usr/libexec/strongswan", "/usr/lib/strongswan",
      "/usr/sbin", "/usr/local/lib/ipsec", "/usr/local/libexec/ipsec", "/usr/local/sbin",
    ]
    return directories.flatMap { directory in names.map { "\(directory)/\($0)" } }
  }

  /// Which daemon calls itself so.
  fileprivate init?(process name: Substring) {
    switch name {
    case "charon", "charon-systemd", "charon-nm": self = .charon
    case "pluto": self = .pluto
    default: return nil
    }
  }
}

/// A process that is an IKE daemon.
struct RunningDaemon: Hashable, Sendable {
  var daemon: IKEDaemon
  var process: Int
  var evidence: Evidence
}

extension Programs {
  /// - Parameter failures: Files that are there but cannot be read are added to these.
  init(_ tree: FileTree, failures: inout [FileError]) {
    for daemon in IKEDaemon.allCases {
      installed[daemon] = daemon.paths.first(where: tree.exists)
    }
    running = failures.collect { () throws(FileError) in try Self.running(tree) } ?? []
    for name in ["kernel-netlink", "kernel-libipsec"] {
      plugins[name] = failures.collect { () throws(FileError) in try Plugin(name, tree) }
    }
    for daemon in running where daemon.daemon == .charon {
      let maps = "/proc/\(daemon.process)/maps"
      // Nobody but root may read it; without it, the plugin's file and interface still tell.
      guard let text = try? tree.text(maps), text.contains("/libipsec.so") else { continue }
      userlandESP.append(Evidence(maps, "libipsec.so is in use"))
    }
    tunnels = failures.collect { () throws(FileError) in try Self.tunnels(tree) } ?? []
    hasTunDevice = tree.exists("/dev/net/tun")
    appArmor = AppArmor(tree)
    units =
      failures.collect { () throws(FileError) in try UnitSandbox.all(tree) } ?? []
  }

  /// Looks at every process's name, and at its program where that may be seen, as anybody may take
  /// any name.
  private static func running(_ tree: FileTree) throws(FileError) -> [RunningDaemon] {
    var found: [RunningDaemon] = []
    for process in try tree.names(in: "/proc")?.compactMap({ Int($0) }) ?? [] {
      let file = "/proc/\(process)/comm"
      // Processes come and go while the list is read.
      guard let name = try? tree.line(file), let daemon = IKEDaemon(process: name[...]) else {
        continue
      }
      var evidence = Evidence(file, name)
      if let program = try? tree.link("/proc/\(process)/exe") {
        let last = program.replacing(" (deleted)", with: "").split(separator: "/").last ?? ""
        guard IKEDaemon(process: last) == daemon else { continue }
        evidence = Evidence("/proc/\(process)/exe", program)
      }
      found.append(RunningDaemon(daemon: daemon, process: process, evidence: evidence))
    }
    return found
  }

  /// An xfrm interface may be called ipsec0 as well, but has no `tun_flags`.
  private static func tunnels(_ tree: FileTree) throws(FileError) -> [Evidence] {
    let directory = "/sys/class/net"
    return try tree.names(in: directory)?
      .filter { $0.hasPrefix("ipsec") && $0.dropFirst(5).allSatisfy(\.isNumber) }
      .map { "\(directory)/\($0)/tun_flags" }
      .filter(tree.exists).map { Evidence($0, "is there: a TUN interface") } ?? []
  }
}
