/// The answer to "can this host do kernel IPsec?"
public enum Verdict: String, Hashable, Sendable {
  case ready
  case readyWithWarnings
  case notReady
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
