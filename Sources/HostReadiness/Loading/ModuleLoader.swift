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
  public static func load(
    _ modules: [KernelModule] = KernelModule.all, options: CheckOptions = CheckOptions()
  ) -> LoadReport {
    let session = LoadSession(options)
    let before = session.loaded
    let attempts = modules.map(session.load)
    let report = check(options: options)
    let after = session.loaded
    return LoadReport(
      attempts: attempts, modulesLoaded: after.subtracting(before).sorted(), report: report)
  }
}

private struct LoadSession {
  var options: CheckOptions
  var tree: FileTree

  init(_ options: CheckOptions) {
    self.options = options
    tree = FileTree(root: options.root)
  }

  /// What is loaded at this moment; where it cannot be read, checking reports it.
  var loaded: Set<String> { (try? LoadedModules(tree))?.names ?? [] }

  /// The host as its files show it, without asking the kernel anything.
  private var findings: Findings {
    var options = options
    options.probes = false
    return Findings(options)
  }

  func load(_ module: KernelModule) -> LoadAttempt {
    let findings = findings
    let condition = findings.condition(module)
    var attempt = LoadAttempt(module: module, outcome: .alreadyThere)
    switch condition.state {
    case .builtIn, .loaded:
      return attempt
    case .blocked:
      attempt.outcome = .blocked
      attempt.explain(findings.explain([module]))
      return attempt
    case .missing:
      attempt.outcome = .missing
      attempt.explain(findings.explain([module]))
      return attempt
    case .loadable, .unknown:
      break
    }
    guard tree.isLive else {
      attempt.outcome = .failed
      attempt.cause = "modules can be loaded into the running kernel only"
      return attempt
    }

    let command = Command("modprobe", "-b", "-v", module.name)
    attempt.command = "\(command)"
    do throws(CommandError) {
      let result = try command.run()
      attempt.exitStatus = result.status
      attempt.said = (result.output.lines + result.complaint.lines).map { String($0.trimmed) }
      attempt.judge(self.findings)
    } catch {
      attempt.outcome = .failed
      attempt.cause = "\(error)"
      if case .notFound = error { attempt.remedies = [findings.host.installing("kmod")] }
    }
    return attempt
  }
}

extension LoadAttempt {
  /// Sees whether the module is there now, and if not, why.
  fileprivate mutating func judge(_ findings: Findings) {
    guard !findings.condition(module).state.isPresent else {
      outcome = .loaded
      return
    }
    outcome = .failed
    guard exitStatus != 0 else {
      cause = "modprobe reports success, but \(module.name) is not in the kernel"
      return
    }
    let words = said.last ?? "modprobe ended with status \(exitStatus ?? 0)"
    cause = words
    guard words.contains("Operation not permitted") else { return }
    if findings.modules.autoload.isDisabled {
      cause = "kernel.modules_disabled is 1, so nothing can be loaded until the next boot"
    } else if findings.privilege?.holds(.sysModule) == false {
      cause = "loading takes CAP_SYS_MODULE, which this process does not have"
      remedies = [Remedy("load it as root")]
    } else if findings.privilege?.isInitialUserNamespace == false {
      cause = "loading takes CAP_SYS_MODULE in the system's first user namespace"
      remedies = [Remedy("load it as root, outside of the container")]
    }
  }

  fileprivate mutating func explain(_ explanation: Explanation) {
    cause = explanation.cause
    remedies = explanation.remedies
  }
}
