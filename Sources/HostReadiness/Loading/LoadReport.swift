/// What became of loading modules.
public struct LoadReport: Hashable, Sendable {
  public var attempts: [LoadAttempt]
  /// Every module that was loaded meanwhile: those asked for, what they need, and what the kernel
  /// loaded for the probes.
  public var modulesLoaded: [String]
  /// The list of modules to be loaded at each boot, if that was asked for.
  public var persisted: FileChange?
  /// Why it could not be noted for ``ModuleLoader/undo()`` what was loaded; `nil` if it was.
  public var recordProblem: String?
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
  /// Why the module is not there, or of no use.
  public var cause: String?
  public var remedies: [Remedy] = []
  /// The check that has shown since that it does what it is for.
  public var provenBy: CheckID?
  /// The check that fails still, although the module is there.
  public var unprovenBy: CheckID?
  /// Whether it could not be loaded, and is in the kernel since the kernel was asked for what takes
  /// it.
  public var isThereAfterAll = false
}

/// What became of a file that belongs to this tool.
public struct FileChange: Hashable, Sendable {
  public enum Outcome: String, Hashable, Sendable {
    case written
    case removed
    /// Nothing had to be done.
    case unchanged
    /// Something else is there, or the system does not allow it.
    case refused
  }

  public var path: String
  public var outcome: Outcome
  /// Why it was refused, or does without a module that is loaded now.
  public var cause: String?
  /// The modules that the file lists.
  public var modules: [String] = []
}
