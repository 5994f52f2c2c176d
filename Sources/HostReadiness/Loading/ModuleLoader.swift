/// Loads what a host has on disk and kernel IPsec needs.
///
/// Modules are loaded through `modprobe -b`, which heeds both `install` and `blacklist` lines: what
/// somebody has blocked stays out, and the report says where that is written. An exit status of 0
/// is not taken for success: afterwards each module must be in the kernel, and all checks are done
/// again.
public enum ModuleLoader {
  /// Loads the modules that are not there yet, in the order given, then checks the host.
  ///
  /// The order of ``KernelModule/all`` is right: IPv6 must be there before ESP over it. Loading IPv6
  /// gives the host's interfaces link-local addresses.
  ///
  /// Not to be called from a Swift task, like ``check(options:progress:)``.
  ///
  /// - Parameter progress: Told what is being done, where that may take a while.
  public static func load(
    _ modules: [KernelModule] = KernelModule.all, options: CheckOptions = CheckOptions(),
    progress: CheckProgress.Observer? = nil
  ) -> LoadReport {
    var session = LoadSession(options)
    let before = session.loaded
    let attempts = modules.map { session.load($0) }
    let report = check(options: options, progress: progress)
    session.refresh()
    return LoadReport(
      attempts: attempts, modulesLoaded: session.loaded.subtracting(before).sorted(),
      report: report)
  }
}

private struct LoadSession {
  private let tree: FileTree
  private var findings: Findings

  init(_ options: CheckOptions) {
    var options = options
    options.probes = false
    options.sendsTraffic = false
    tree = FileTree(root: options.root)
    findings = Findings(options)
  }

  var loaded: Set<String> { findings.modules.loaded?.names ?? [] }

  mutating func refresh() {
    // If the list cannot be read now, nothing counts as loaded; the check says why.
    do { try findings.modules.refresh(tree) } catch { findings.modules.loaded = nil }
  }

  mutating func load(_ module: KernelModule) -> LoadAttempt {
    var attempt = LoadAttempt(module: module, outcome: .alreadyThere)
    let condition = findings.condition(module)
    switch condition.state {
    case .builtIn, .loaded:
      return attempt
    case .blocked:
      attempt.end(.blocked, findings.explain([module]))
      return attempt
    case .missing:
      attempt.end(.missing, findings.explain([module]))
      return attempt
    case .loadable, .onDisk, .unknown:
      break
    }
    if module == .esp6, findings.ipv6.isGone {
      attempt.end(.blocked, findings.explainIPv6())
      return attempt
    }
    guard tree.isLive else {
      attempt.end(
        .failed, Explanation(cause: "modules can be loaded into the running kernel only"))
      return attempt
    }

    let command = Command("modprobe", "-b", "-v", module.name)
    attempt.command = "\(command)"
    do throws(CommandError) {
      let result = try command.run()
      attempt.exitStatus = result.status
      attempt.said = (result.output.lines + result.complaint.lines).map { String($0.trimmed) }
      refresh()
      attempt.judge(findings)
    } catch {
      var explanation = Explanation(cause: "\(error)")
      if case .notFound = error { explanation.remedies = [findings.host.installing("kmod")] }
      attempt.end(.failed, explanation)
    }
    return attempt
  }
}

extension LoadAttempt {
  /// Sees whether the module is there now, and if not, why.
  mutating func judge(_ findings: Findings) {
    if findings.condition(module).state.isPresent {
      outcome = .loaded
    } else {
      end(.failed, findings.explain(self))
    }
  }

  fileprivate mutating func end(_ outcome: Outcome, _ explanation: Explanation) {
    self.outcome = outcome
    cause = explanation.cause
    remedies = explanation.remedies
  }
}

extension Findings {
  /// Why modprobe did not bring a module into the kernel.
  fileprivate func explain(_ attempt: LoadAttempt) -> Explanation {
    let name = attempt.module.name
    guard attempt.exitStatus != 0 else {
      return Explanation(cause: "modprobe reports success, but \(name) is not in the kernel")
    }
    let words = attempt.said.last ?? "modprobe ended with status \(attempt.exitStatus ?? 0)"
    guard words.contains("Operation not permitted") else { return Explanation(cause: words) }
    if modules.autoload.isDisabled { return explain([attempt.module]) }
    if privilege?.holds(.sysModule) == false {
      return Explanation(
        cause: "loading takes CAP_SYS_MODULE, which this process does not have",
        remedies: [Remedy("load it as root", command: attempt.command)])
    }
    if privilege?.isInitialUserNamespace == false {
      return Explanation(
        cause: "loading takes CAP_SYS_MODULE in the system's first user namespace",
        remedies: [Remedy("load it as root, outside of any container")])
    }
    return Explanation(cause: words)
  }
}
