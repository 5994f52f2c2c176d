/// What became of taking modules out again.
public struct UndoReport: Hashable, Sendable {
  public var attempts: [UndoAttempt]
  /// The list of modules to be loaded at each boot.
  public var bootList: FileChange
  /// Why it is not known what `--load` has loaded.
  public var recordProblem: String?

  /// Whether all that could be undone has been: a module that is in use may stay.
  public var isDone: Bool {
    recordProblem == nil && bootList.outcome != .refused
      && attempts.allSatisfy { $0.outcome != .failed }
  }
}

/// What became of taking one module out.
public struct UndoAttempt: Hashable, Sendable {
  public enum Outcome: String, Hashable, Sendable {
    case removed
    /// Somebody has taken it out before.
    case alreadyGone
    /// Something needs it.
    case inUse
    /// It was tried, and the module is still there.
    case failed
  }

  /// Its name in the kernel.
  public var module: String
  public var outcome: Outcome
  /// What was run: `rmmod esp4`
  public var command: String?
  /// What that said, line by line.
  public var said: [String] = []
  /// Why it is still there.
  public var cause: String?
}
