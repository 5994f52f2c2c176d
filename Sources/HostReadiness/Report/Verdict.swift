/// The answer to "can this host do kernel IPsec?"
public enum Verdict: String, CaseIterable, Hashable, Sendable {
  case ready
  case readyWithWarnings = "ready-with-warnings"
  case notReady = "not-ready"
  /// Something that matters could not be told.
  case unknown
}

extension Verdict {
  /// Sums up checks: what is required decides, what could not be told is never taken for a pass.
  init(_ checks: [Check]) {
    let required = checks.filter { $0.severity == .required }
    let recommended = checks.filter { $0.severity == .recommended }
    if required.contains(where: { $0.outcome == .failed }) {
      self = .notReady
    } else if required.isEmpty || required.contains(where: { $0.status != .pass }) {
      self = .unknown
    } else if recommended.contains(where: { $0.status != .pass }) {
      self = .readyWithWarnings
    } else {
      self = .ready
    }
  }
}

extension ReadinessReport {
  /// The first check, in the order of the report, that keeps the host from being ready; `nil` if it
  /// is, or if nothing was checked that could tell.
  public var firstFailure: Check? {
    switch verdict {
    case .ready: nil
    case .readyWithWarnings: checks.first { $0.severity == .recommended && $0.status != .pass }
    case .notReady: checks.first { $0.severity == .required && $0.outcome == .failed }
    case .unknown: checks.first { $0.severity == .required && $0.status != .pass }
    }
  }
}

extension Verdict: CustomStringConvertible {
  public var description: String {
    switch self {
    case .ready: "ready"
    case .readyWithWarnings: "ready with warnings"
    case .notReady: "not ready"
    case .unknown: "unknown"
    }
  }
}
