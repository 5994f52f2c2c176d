/// What a host is to be used for.
public enum Use: String, CaseIterable, Hashable, Sendable {
  /// SAs and policies that somebody sets up by hand.
  case minimal
  /// Tunnels between networks, whoever sets them up.
  case gateway
  case strongswan
  /// What Algo VPN sets up: strongSwan on an Ubuntu server.
  case algo
  case libreswan

  /// What it is about, in a few words.
  public var purpose: String {
    switch self {
    case .minimal: "SAs and policies that somebody sets up by hand"
    case .gateway: "tunnels between networks, whoever sets them up"
    case .strongswan: "what strongSwan needs and makes use of"
    case .algo: "a server that Algo VPN sets up"
    case .libreswan: "what libreswan needs and makes use of"
    }
  }
}

/// How much a check matters to each use of a host.
///
/// A check that only explains what others find is nowhere required: the kernel's answers decide.
struct Importance: Hashable, Sendable {
  private var severities: [Use: Check.Severity] = [:]

  /// - Parameters: The severity for each use; without one, the check is not done for it.
  init(
    minimal: Check.Severity? = nil, gateway: Check.Severity? = nil,
    strongswan: Check.Severity? = nil, algo: Check.Severity? = nil,
    libreswan: Check.Severity? = nil
  ) {
    severities[.minimal] = minimal
    severities[.gateway] = gateway
    severities[.strongswan] = strongswan
    severities[.algo] = algo
    severities[.libreswan] = libreswan
  }

  /// The same for every use.
  static func always(_ severity: Check.Severity) -> Importance {
    Importance(
      minimal: severity, gateway: severity, strongswan: severity, algo: severity,
      libreswan: severity)
  }

  subscript(use: Use) -> Check.Severity? { severities[use] }
}
