/// A configuration that is in force for a while, until somebody confirms it; nobody does, and the
/// kernel goes back to where it came from.
public struct Pending: Hashable, Sendable {
  /// Its ID in the history.
  public var configuration: String
  /// The way back.
  public var recovery: Recovery
  /// When it is too late, in milliseconds since the kernel started, sleep included.
  public var deadline: UInt64
  /// Whether everything of it is there that is there before it is confirmed. If not, the run that
  /// was to bring it is still at work, or was cut short, or it is on the way back.
  public var isVerified: Bool

  /// How many milliseconds are left.
  public var timeLeft: UInt64 {
    let now = BootClock.now
    return deadline > now ? deadline - now : 0
  }

  /// How many seconds are left.
  public var secondsLeft: UInt64 { timeLeft / 1000 + (timeLeft % 1000 < 500 ? 0 : 1) }

  /// Whether it is too late.
  public var isOver: Bool { timeLeft == 0 }

  /// When it is too late, in seconds since 1970, by the time of day that it is now.
  public var time: UInt64 { WallClock.now + secondsLeft }
}

/// That a configuration has to be confirmed.
public struct Trial {
  /// How long there is for that.
  public var duration: Duration
  /// Starts somebody who sees to it that it ends.
  public var watch: (Pending) throws(HostProblem) -> Void

  /// A trial.
  ///
  /// - Parameters:
  ///   - duration: How long there is for somebody to confirm it.
  ///   - watch: Starts somebody who leads back when the time is over, whatever becomes of this
  ///     process. It is called before anything is changed, and if it fails nothing is.
  public init(for duration: Duration, watch: @escaping (Pending) throws(HostProblem) -> Void) {
    self.duration = duration
    self.watch = watch
  }

  /// In milliseconds since the kernel started.
  var deadline: UInt64 {
    let (seconds, attoseconds) = duration.components
    // What is longer than an age ends with the kernel.
    return BootClock.now + UInt64(max(0, min(seconds, 1 << 40))) * 1000
      + UInt64(max(0, attoseconds / 1_000_000_000_000_000))
  }
}

/// A configuration that was not to be.
public struct Rollback: Hashable, Sendable {
  /// Its ID in the history.
  public var configuration: String
  /// When the kernel was back where it came from, in seconds since 1970.
  public var time: UInt64
}

extension Journal {
  /// What has to be confirmed.
  var pending: Pending? {
    guard let underWay, let deadline = underWay.deadline else { return nil }
    return Pending(
      configuration: underWay.target, recovery: wayBack(underWay), deadline: deadline,
      isVerified: underWay.isVerified && !underWay.isReturning)
  }

  /// What was cut short; nothing was where somebody is waited for.
  var recovery: Recovery? {
    guard let underWay, pending?.isVerified != true else { return nil }
    let isForward = underWay.hasSwitched && !underWay.isReturning && underWay.deadline == nil
    return isForward
      ? Recovery(isForward: true, goal: underWay.target)
      : wayBack(underWay)
  }

  private func wayBack(_ underWay: UnderWay) -> Recovery {
    Recovery(isForward: false, goal: underWay.origin)
  }
}
