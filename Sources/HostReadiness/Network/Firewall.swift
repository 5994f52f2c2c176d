internal import Netlink

/// Who sets up the host's packet filter, and in which of its two forms there are rules.
struct Firewall: Sendable {
  /// What `iptables` sets up.
  enum Backend: Hashable, Sendable {
    /// ip_tables and its tables.
    case legacy
    /// nf_tables, by translating.
    case tables
  }

  /// A program that keeps rules of its own.
  enum Manager: String, CaseIterable, Hashable, Sendable {
    case ufw
    case firewalld
    case docker
  }

  /// What the host's `iptables` is; `nil` if there is none, or it does not tell.
  var backend: Backend?
  /// The link that tells, and where it leads.
  var program: Evidence?
  /// How many rules there are in ip_tables and ip6_tables, besides built-in chains; `nil` if unknown.
  var legacyRules: Int?
  /// How many there are in each table of nf_tables; `nil` if unknown.
  var tableRules: [FilterTable: Int]?
  /// Programs that keep rules of their own, each with what tells.
  var managers: [Manager: Evidence] = [:]
}

// MARK: - Files

extension Firewall {
  /// What the files tell.
  ///
  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(_ tree: FileTree, failures: inout [FileError]) {
    // The first leads on to the second where there are alternatives.
    for file in ["/etc/alternatives/iptables", "/usr/sbin/iptables", "/sbin/iptables"] {
      let target = failures.collect { () throws(FileError) in try tree.link(file) }
      guard let target else { continue }
      program = Evidence(file, "leads to \(target)")
      backend = target.contains("nft") ? .tables : target.contains("tables") ? .legacy : nil
      break
    }
    managers = Self.managers(tree, &failures)
  }

  private static func managers(
    _ tree: FileTree, _ failures: inout [FileError]
  ) -> [Manager: Evidence] {
    var managers: [Manager: Evidence] = [:]
    let file = "/etc/ufw/ufw.conf"
    let text = failures.collect { () throws(FileError) in try tree.text(file) }
    let line = text?.lines.last { $0.trimmed.hasPrefix("ENABLED=") }
    if let line, line.lowercased().contains("yes") {
      managers[.ufw] = Evidence(file, "says \(line.trimmed)")
    }
    let processes = RunningProcesses(tree)
    for (manager, daemon) in [(Manager.firewalld, "firewalld"), (.docker, "dockerd")] {
      if let identifier = processes.identifiers(of: daemon).first {
        managers[manager] = Evidence("/proc/\(identifier)", "is \(daemon)")
      }
    }
    return managers
  }
}

// MARK: - The kernel

extension Firewall {
  /// Counts the rules in the caller's network namespace. What is not in the kernel has none, and is
  /// not loaded for that.
  ///
  /// - Parameter hasTables: Whether nf_tables is in the kernel, or may be asked for; `nil` if neither
  ///   is known.
  mutating func countRules(_ tree: FileTree, hasTables: Bool?) {
    // Without the privilege nothing is known, and the check says so.
    legacyRules = try? Self.legacyRules(tree)
    tableRules =
      switch hasTables {
      case true: try? Self.tableRules()
      case false: [:]
      case nil: nil
      }
  }

  private static func legacyRules(_ tree: FileTree) throws -> Int {
    var count = 0
    for (file, family) in [
      ("/proc/net/ip_tables_names", AddressFamily.ipv4), ("/proc/net/ip6_tables_names", .ipv6),
    ] {
      for table in try tree.text(file)?.lines ?? [] {
        count += try LegacyFilter(family).entryCount(ofTable: String(table))
      }
    }
    return count
  }

  private static func tableRules() throws(NetlinkError) -> [FilterTable: Int] {
    var connection = try NetfilterConnection()
    return try connection.ruleCounts()
  }
}

extension ModuleState {
  /// Whether a module is in the kernel or, where the files do not tell, may be loaded by asking.
  func isKnownPresent(_ loadsModules: Bool) -> Bool? {
    guard self == .unknown else { return isPresent }
    return loadsModules ? true : nil
  }
}
