/// What one check found out about the host.
public struct Check: Hashable, Sendable {
  /// What a check is about; reports are ordered by it.
  public enum Group: String, CaseIterable, Hashable, Sendable {
    case host
    case interface
    case protocols
    case encapsulation
    case features
    case traffic
    case modules
    case routing
    case packetFilter = "packet-filter"
    case programs

    public var title: String {
      switch self {
      case .host: "Host and privileges"
      case .interface: "Kernel interface"
      case .protocols: "Protocols and algorithms"
      case .encapsulation: "NAT traversal"
      case .features: "Further features"
      case .traffic: "Traffic"
      case .modules: "Kernel modules"
      case .routing: "Routing and settings"
      case .packetFilter: "Packet filter"
      case .programs: "Programs and security"
      }
    }
  }

  /// What is the case, whether or not it matters.
  public enum Status: String, Hashable, Sendable {
    case pass
    case fail
    /// It could not be told.
    case unknown
    /// The host does not have it and can do without.
    case absent
  }

  /// How much it matters that the check passes.
  public enum Severity: String, Hashable, Sendable {
    /// The host is not ready unless it does.
    case required
    /// A host where it does not is ready with warnings.
    case recommended
    /// It changes no verdict.
    case optional
  }

  /// Stable, for scripts and for looking things up.
  public var id: CheckID
  public var group: Group
  public var title: String
  public var status: Status
  public var severity: Severity
  /// At most 38 characters, which leaves a line room for the title.
  public var summary: String
  public var evidence: [Evidence]
  /// Why it did not pass.
  public var cause: String?
  public var remedies: [Remedy]
  /// Checks without which this one cannot be carried out.
  public var dependsOn: [CheckID]
  public var duration: Duration
}

extension Check {
  /// Status and severity in one: how a reader should take the result.
  public enum Outcome: String, CaseIterable, Hashable, Sendable {
    case passed
    case warning
    case failed
    case unknown
    /// Not there, and not needed.
    case absent
  }

  public var outcome: Outcome {
    switch (status, severity) {
    case (.pass, _): .passed
    case (.unknown, _): .unknown
    case (.fail, .required), (.absent, .required): .failed
    case (.fail, _), (.absent, .recommended): .warning
    case (.absent, .optional): .absent
    }
  }
}

/// The name of a check: `xfrm.esp4.gcm`.
public struct CheckID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { self.init(rawValue: value) }

  public var description: String { rawValue }
}
