/// Loads what a host has on disk and kernel IPsec needs, and takes it out again.
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
  /// - Parameters:
  ///   - modules: Those to load; without, those that matter to the profile.
  ///   - options: What host, and against what it is held.
  ///   - persisting: Whether they are to be loaded at each boot from now on.
  ///   - progress: Told what is being done, before it is.
  public static func load(
    _ modules: [KernelModule]? = nil, options: CheckOptions = CheckOptions(),
    persisting: Bool = false, progress: CheckProgress.Observer? = nil
  ) -> LoadReport {
    var session = LoadSession(options)
    let before = session.loaded
    let clock = ContinuousClock()
    let start = clock.now
    let wanted = modules ?? session.findings.wanted
    var attempts = wanted.map { module in
      progress?(CheckProgress("loading \(module.name)"))
      return session.load(module)
    }
    let recordProblem = session.record()

    var findings = Findings(options, progress: progress)
    for index in attempts.indices { attempts[index].prove(by: findings) }
    findings.loadAttempts = attempts
    let persisted = persisting ? session.persist(wanted) : nil
    var report = ReadinessReport(findings)
    report.duration = clock.now - start
    session.refresh()
    return LoadReport(
      attempts: attempts, modulesLoaded: session.loaded.subtracting(before).sorted(),
      persisted: persisted, recordProblem: recordProblem, report: report)
  }
}

private struct LoadSession {
  private let tree: FileTree
  private(set) var findings: Findings
  /// What modprobe has brought in, in order: what was asked for, and before it what that needs.
  private var broughtIn: [String] = []

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
    // What others have loaded meanwhile is theirs.
    refresh()
    var attempt = LoadAttempt(module: module, outcome: .alreadyThere)
    let condition = findings.condition(module)
    switch condition.state {
    case .builtIn:
      return attempt
    case .loaded:
      // Along with another, perhaps.
      if broughtIn.contains(module.name) { attempt.outcome = .loaded }
      return attempt
    case .blocked:
      attempt.end(.blocked, findings.explain([module]))
      return attempt
    case .missing:
      attempt.end(.missing, findings.explain([module]))
      return attempt
    case .unknown where findings.modules.filesAreElsewhere && !findings.modules.index.exists:
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

    let command = Command("modprobe", "-b", "-v", module.request)
    attempt.command = "\(command)"
    do throws(CommandError) {
      let before = loaded
      let result = try command.run()
      attempt.exitStatus = result.status
      attempt.said = (result.output.lines + result.complaint.lines).map { String($0.trimmed) }
      refresh()
      // The kernel's list has the newest first.
      let names = (findings.modules.loaded?.modules ?? []).map(\.name)
      broughtIn += attempt.broughtIn(of: names.filter { !before.contains($0) }.reversed())
      attempt.judge(findings)
    } catch {
      var explanation = Explanation(cause: "\(error)")
      if case .notFound = error { explanation.remedies = [findings.host.installing("kmod")] }
      attempt.end(.failed, explanation)
    }
    return attempt
  }

  /// Notes what was loaded, so that it can be taken out again.
  ///
  /// - Returns: Why that failed.
  func record() -> String? {
    guard !broughtIn.isEmpty else { return nil }
    do throws(FileChangeError) {
      try LoadRecord(tree).add(broughtIn)
      return nil
    } catch {
      return "\(error)"
    }
  }

  func persist(_ modules: [KernelModule]) -> FileChange {
    // What is built in needs no loading; what is not there now would not be there then either.
    // What all others take comes along with them.
    let conditions = modules.filter { $0 != .xfrmAlgo }.map(findings.condition)
      .filter { $0.state == .loaded }
    let listed = conditions.filter { $0.blockAtBoot == nil }
    var change = BootList(tree).write(listed.map { $0.provider ?? $0.module.name })
    let blocked = conditions.filter { $0.blockAtBoot != nil }
    if change.outcome != .refused, let block = blocked.first?.blockAtBoot {
      change.cause =
        "without \(blocked.map(\.module.name).asList), which a list does not load at boot: "
        + "\(block.location) says “\(block.text)”"
    }
    return change
  }
}

extension LoadAttempt {
  /// Those of some new modules that modprobe says it has put in: `insmod /lib/modules/…/esp4.ko.xz`.
  /// One that says nothing of the kind, as busybox's may, is taken to have put in all.
  func broughtIn(of new: [String]) -> [String] {
    let inserted = said.map(\.words).filter { $0.count > 1 && $0[0] == "insmod" }
      .compactMap { moduleName(ofFile: $0[1]) }
    return inserted.isEmpty ? new : new.filter(inserted.contains)
  }

  /// Sees whether the module is there now, and if not, why.
  mutating func judge(_ findings: Findings) {
    if findings.condition(module).state.isPresent {
      outcome = .loaded
    } else {
      end(.failed, findings.explain(self))
    }
  }

  /// Sees whether what the module is needed for works now.
  mutating func prove(by findings: Findings) {
    // The kernel may have loaded for the probes what this process may not load itself.
    isThereAfterAll =
      [.failed, .missing].contains(outcome) && findings.condition(module).state.isPresent
    guard outcome == .loaded else { return }
    provenBy = findings.proof(of: module)
    guard provenBy == nil,
      let failed = findings.checks(of: module).first(where: { id in
        findings.probes[id].outcome.denial != nil
      })
    else { return }
    unprovenBy = failed
    cause = "it is in the kernel, and \(failed) fails still"
  }

  fileprivate mutating func end(_ outcome: Outcome, _ explanation: Explanation) {
    self.outcome = outcome
    cause = explanation.cause
    remedies = explanation.remedies
  }
}
