internal import Netlink

/// Everything that was found out, for the checks to judge.
struct Findings: Sendable {
  var host: HostFacts
  /// What the host is held against.
  var profile: Profile
  var privilege: Privilege?
  var modules: ModuleInventory
  var ipv6: IPv6Support
  /// Whether the host's package manager provides the running kernel.
  var kernelIsPackaged: Bool
  var probes: ProbeResults
  /// Modules that were loaded while the kernel was asked.
  var modulesLoaded: [String]
  /// What became of loading modules, if that was asked for.
  var loadAttempts: [LoadAttempt] = []
  var unreadable: [FileError]

  func condition(_ module: KernelModule) -> ModuleCondition { modules.condition(of: module) }
}

extension Findings {
  /// - Parameter ask: Stands in for the running kernel, in tests.
  init(_ options: CheckOptions, ask: (() -> ProbeResults)? = nil) {
    let tree = FileTree(root: options.root)
    var unreadable: [FileError] = []
    let host =
      unreadable.collect { () throws(FileError) in
        try HostFacts(tree, release: options.kernelRelease)
      } ?? HostFacts(options.kernelRelease)
    self.host = host
    profile = options.profile
    privilege = unreadable.collect { () throws(FileError) in try Privilege(tree) }

    var modules = ModuleInventory(tree, release: host.kernelRelease, failures: &unreadable)
    let before = modules.loaded?.names ?? []
    let mayAsk = options.probes && tree.isLive
    let answers =
      ask?()
      ?? (mayAsk
        ? ProbeResults(
          asking: CheckDefinition.all(for: options.profile),
          loadingModules: options.loadsModules || modules.isClosed) : nil)
    probes = answers ?? ProbeResults()
    // If the list cannot be read any more, what it said before is all that is known.
    if answers != nil { unreadable.collect { () throws(FileError) in try modules.refresh(tree) } }
    self.modules = modules
    modulesLoaded = (modules.loaded?.names ?? []).subtracting(before).sorted()
    ipv6 =
      unreadable.collect { () throws(FileError) in
        try IPv6Support(tree, modules.condition(of: .ipv6))
      } ?? .unknown
    kernelIsPackaged =
      modules.index.exists || tree.exists("/boot/vmlinuz-\(host.kernelRelease)")
    self.unreadable = unreadable
  }
}
