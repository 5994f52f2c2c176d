extension Feature {
  /// Whether a kernel has something.
  public enum Answer: Hashable, Sendable {
    /// The kernel has shown that it has it.
    case present
    /// The kernel said itself that it lacks it, or something without which it is of no use. The
    /// cause says what, where it is not simply the thing itself.
    case absent(RefusalCause?)
    /// Nothing was said: it may be there or not.
    case unknown(Obstacle)
  }

  /// Why something is not known.
  @nonexhaustive
  public enum Obstacle: Hashable, Sendable {
    /// Nobody has asked.
    case notAsked
    /// The kernel might have loaded a module to answer, which it was not to.
    case mightLoadModule
    /// Only an SA that is really there would tell, and none is made in somebody's namespace.
    case needsPrivateNamespace
    /// No request would tell.
    case cannotTell
    /// The kernel, or the way to it, had another reason to refuse.
    case failed(XFRMError)
  }
}

extension Feature.Answer: CustomStringConvertible {
  /// `absent: no esp4 in this kernel`
  public var description: String {
    switch self {
    case .present: "present"
    case .absent(let cause): "absent" + (cause.map { ": \($0.explanation)" } ?? "")
    case .unknown(let obstacle): "unknown: \(obstacle)"
    }
  }
}

extension Feature.Obstacle: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAsked: "not asked"
    case .mightLoadModule: "the kernel might have to load a module to tell"
    case .needsPrivateNamespace: "only an SA in a network namespace of its own would tell"
    case .cannotTell: "no request would tell"
    case .failed(let error): "\(error)"
    }
  }
}
