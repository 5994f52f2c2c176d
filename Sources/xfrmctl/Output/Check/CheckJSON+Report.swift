import HostReadiness
import XFRMKit

extension CheckJSON {
  /// - Parameters:
  ///   - loaded: What `--load` did, if it was asked for.
  ///   - startedAt: When the first question was asked.
  init(_ report: ReadinessReport, _ loaded: LoadReport?, startedAt: Timestamp = .now) {
    self.init(
      host: Host(report.host), profile: Profile(report.profile),
      startedAt: Text.time(startedAt.seconds), durationSeconds: report.duration / .seconds(1),
      verdict: report.verdict,
      firstFailure: report.firstFailure.map {
        FirstFailure(id: $0.id.rawValue, group: $0.group, summary: $0.summary)
      },
      counts: Counts(report.counts), capabilities: Self.capabilities(report.checks),
      checks: report.checks.map { Item($0) }, remedies: report.remedies.map { Item.Fix($0) },
      modules: report.modules.map {
        Module(name: $0.module.name, state: $0.state.name, blockedBy: $0.block?.location)
      },
      unreadable: report.unreadable.map { Unreadable(path: $0.path, errno: $0.errno) },
      load: loaded?.attempts.map { Attempt($0) },
      persisted: loaded?.persisted.map { BootList($0) }, recordProblem: loaded?.recordProblem,
      sideEffects: SideEffects(
        modulesLoaded: loaded?.modulesLoaded ?? report.sideEffects.modulesLoaded))
  }

  private static func capabilities(_ checks: [HostReadiness.Check]) -> [String: Bool] {
    var capabilities: [String: Bool] = [:]
    for check in checks {
      switch check.group {
      case .interface, .protocols, .encapsulation, .features:
        if check.status != .unknown { capabilities[check.id.rawValue] = check.status == .pass }
      case .host, .traffic, .modules, .routing, .packetFilter, .programs: break
      }
    }
    return capabilities
  }
}

extension CheckJSON.Host {
  init(_ host: HostFacts) {
    self.init(
      name: host.hostname, kernel: host.kernelRelease, kernelChoice: host.kernelChoice,
      architecture: host.architecture, distribution: host.distribution.map { "\($0)" },
      container: host.container, virtualMachine: host.virtualMachine)
  }
}

extension CheckJSON.Profile {
  init(_ profile: HostReadiness.Profile) {
    self.init(
      name: profile.name, base: profile.use.rawValue, proposals: profile.proposals.map(\.name))
  }
}

extension CheckJSON.Attempt {
  init(_ attempt: LoadAttempt) {
    self.init(
      module: attempt.module.name, outcome: attempt.outcome.rawValue, command: attempt.command,
      exitStatus: attempt.exitStatus, said: attempt.said, cause: attempt.cause,
      provenBy: attempt.provenBy?.rawValue, unprovenBy: attempt.unprovenBy?.rawValue)
  }
}

extension CheckJSON.BootList {
  init(_ change: FileChange) {
    self.init(
      path: change.path, outcome: change.outcome.rawValue, cause: change.cause,
      modules: change.modules)
  }
}

extension CheckJSON.Counts {
  init(_ counts: ReadinessReport.Counts) {
    self.init(
      passed: counts.passed, warnings: counts.warnings, failed: counts.failed,
      unknown: counts.unknown, absent: counts.absent)
  }

  /// `4 passed, 2 warnings, 1 absent`
  var text: String {
    let others = [
      (warnings, warnings == 1 ? "warning" : "warnings"), (failed, "failed"),
      (unknown, "unknown"), (absent, "absent"),
    ]
    return (["\(passed) passed"] + others.filter { $0.0 > 0 }.map { "\($0) \($1)" })
      .joined(separator: ", ")
  }
}
