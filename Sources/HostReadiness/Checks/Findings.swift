internal import Netlink

/// Everything that was found out, for the checks to judge.
struct Findings: Sendable {
  var host: HostFacts
  /// What the host is held against.
  var profile: Profile
  /// Who has it checked, by what it may do itself.
  var caller: Caller?
  /// What the probes may do.
  var privilege: Privilege?
  var environment: Environment
  var programs: Programs
  /// The running kernel, for judging its flaws.
  var build: KernelBuild
  var modules: ModuleInventory
  var ipv6: IPv6Support
  var ipsec: IPsecFacts
  /// Whether the host's package manager provides the running kernel.
  var kernelIsPackaged: Bool
  var network: NetworkFacts
  var probes: ProbeResults
  /// What became of packets, `nil` if none were to be sent.
  var traffic: TrafficFindings?
  /// Modules that were loaded while the kernel was asked.
  var modulesLoaded: [String]
  /// What became of loading modules, if that was asked for.
  var loadAttempts: [LoadAttempt] = []
  var unreadable: [FileError]

  func condition(_ module: KernelModule) -> ModuleCondition { modules.condition(of: module) }
}

extension Findings {
  /// - Parameters:
  ///   - ask: Stands in for the running kernel, in tests.
  ///   - progress: Told what is being done, before it is.
  init(
    _ options: CheckOptions, ask: (() -> ProbeResults)? = nil,
    progress: CheckProgress.Observer? = nil
  ) {
    progress?(CheckProgress("reading files"))
    let tree = FileTree(root: options.root)
    var unreadable: [FileError] = []
    var host =
      unreadable.collect { () throws(FileError) in
        try HostFacts(tree, release: options.kernelRelease)
      } ?? HostFacts(options.kernelRelease)
    environment = Environment(tree, host, asked: options.kernelRelease, failures: &unreadable)
    host.container = environment.container?.kind.name
    host.virtualMachine = environment.machine.hypervisor
    self.host = host
    profile = options.profile
    privilege = unreadable.collect { () throws(FileError) in try Privilege(tree) }
    caller =
      options.caller ?? unreadable.collect { () throws(FileError) in try Caller(tree) }
    programs = Programs(tree, failures: &unreadable)
    build =
      unreadable.collect { () throws(FileError) in
        try KernelBuild(tree, release: host.kernelRelease)
      } ?? KernelBuild()

    // An image that came out of a container will have no machine but its own.
    let isContained = environment.isRunning && environment.container != nil
    var modules = ModuleInventory(
      tree, release: host.kernelRelease, isContained: isContained, failures: &unreadable)
    let before = modules.loaded?.names ?? []
    let mayAsk = options.probes && tree.isLive
    let answers =
      ask?()
      ?? (mayAsk
        ? ProbeResults(
          asking: CheckDefinition.all(for: options.profile),
          loadingModules: options.loadsModules || modules.isClosed, progress: progress) : nil)
    probes = answers ?? ProbeResults()
    if options.sendsTraffic {
      traffic = TrafficFindings(isMeasuring: options.measuresThroughput)
      if mayAsk, options.loadsModules { traffic?.run(options.profile, probes, progress) }
    }
    // If the list cannot be read any more, what it said before is all that is known.
    if answers != nil { unreadable.collect { () throws(FileError) in try modules.refresh(tree) } }
    self.modules = modules
    modulesLoaded = (modules.loaded?.names ?? []).subtracting(before).sorted()
    ipv6 =
      unreadable.collect { () throws(FileError) in
        try IPv6Support(tree, modules.condition(of: .ipv6))
      } ?? .unknown
    ipsec = IPsecFacts(tree, failures: &unreadable)
    network = NetworkFacts(
      tree, asksKernel: mayAsk,
      countsRules: options.profile.severity(of: .filterBackend) != nil,
      hasTables: modules.condition(of: .nfTables).state.isKnownPresent(options.loadsModules),
      failures: &unreadable)
    kernelIsPackaged =
      modules.index.exists || tree.exists("/boot/vmlinuz-\(host.kernelRelease)")
    self.unreadable = unreadable
  }
}
