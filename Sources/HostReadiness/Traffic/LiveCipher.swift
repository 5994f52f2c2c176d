internal import XFRMKit

/// Ciphers whose throughput is measured.
enum LiveCipher {
  /// Those that IKE daemons agree on today.
  static let all: [ESPProposal] = [
    .aes256gcm16, .aes128gcm16, .chacha20poly1305, .aes256sha256,
  ]

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
