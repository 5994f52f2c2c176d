/// What a host can do, what not, and why.
public struct ReadinessReport: Hashable, Sendable {
  public var host: HostFacts
  /// What the host was held against.
  public var profile: Profile
  /// In an order that is the same for every host.
  public var checks: [Check]
  /// The modules that matter, as they were when the checks were done.
  public var modules: [ModuleCondition]
  public var sideEffects: SideEffects
  /// Checks for which the kernel was not asked what might have made it load a module.
  public var notAsked: [CheckID]
  /// Files that are there but could not be read.
  public var unreadable: [FileError]
  public var duration: Duration

  /// What asking has changed.
  public struct SideEffects: Hashable, Sendable {
    /// Modules that the kernel loaded meanwhile, for the probes in all likelihood.
    public var modulesLoaded: [String] = []
  }

  /// How many checks had which outcome.
  public struct Counts: Hashable, Sendable {
    public var passed = 0
    public var warnings = 0
    public var failed = 0
    public var unknown = 0
    public var absent = 0
  }

  public var verdict: Verdict { Verdict(checks) }

  public var counts: Counts {
    var counts = Counts()
    for check in checks {
      switch check.outcome {
      case .passed: counts.passed += 1
      case .warning: counts.warnings += 1
      case .failed: counts.failed += 1
      case .unknown: counts.unknown += 1
      case .absent: counts.absent += 1
      }
    }
    return counts
  }

  public subscript(id: CheckID) -> Check? { checks.first { $0.id == id } }
}

extension ReadinessReport {
  /// Has every check judge the findings.
  init(_ findings: Findings) {
    self.init(
      host: findings.host, profile: findings.profile,
      checks: CheckDefinition.run(CheckDefinition.all, on: findings, for: findings.profile),
      modules: KernelModule.all.map(findings.condition),
      sideEffects: SideEffects(modulesLoaded: findings.modulesLoaded),
      notAsked: findings.notAsked,
      unreadable: findings.unreadable, duration: .zero)
  }
}
