/// What became of loading modules.
public struct LoadReport: Hashable, Sendable {
  public var attempts: [LoadAttempt]
  /// Every module that was loaded meanwhile: those asked for, what they need, and what the kernel
  /// loaded for the probes.
  public var modulesLoaded: [String]
  /// The host as it is now.
  public var report: ReadinessReport
}

/// What became of loading one module.
public struct LoadAttempt: Hashable, Sendable {
  public enum Outcome: String, Hashable, Sendable {
    /// It was in the kernel before.
    case alreadyThere
    case loaded
    /// Somebody forbids it; it was not tried.
    case blocked
    /// There is nothing to load.
    case missing
    /// It was tried, and the module is not in the kernel.
    case failed
  }

  public var module: KernelModule
  public var outcome: Outcome
  /// What was run: `modprobe -b -v esp4`
  public var command: String?
  public var exitStatus: Int32?
  /// What that said, line by line.
  public var said: [String] = []
  /// Why the module is not there.
  public var cause: String?
  public var remedies: [Remedy] = []
}
