internal import XFRMKit
internal import XFRMLab

/// Ciphers whose throughput is measured.
enum LiveCipher {
  static let all = BenchPlan.usualProposals

  /// How long each is measured.
  static let duration = Duration.milliseconds(500)
}

extension CheckID {
  static func liveBench(_ proposal: ESPProposal) -> CheckID {
    CheckID(rawValue: "live.bench.\(proposal.name)")
  }

  static func liveMTU(_ family: AddressFamily) -> CheckID {
    family == .ipv6 ? "live.mtu.v6" : "live.mtu.v4"
  }
}
