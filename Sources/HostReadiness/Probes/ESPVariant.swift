internal import XFRMKit

/// A kind of ESP that a host may be capable of.
struct ESPVariant: Hashable, Sendable {
  var family: AddressFamily
  var proposal: ESPProposal
  /// The last part of the check's name.
  var suffix: String
  /// The algorithms in a few characters.
  var title: String
  /// What the kernel looks for when it is given the algorithms' names.
  var named: [KernelModule]
  /// What those, and ESP, are composed of.
  var parts: [KernelModule]

  /// The module that speaks ESP over the family.
  var module: KernelModule { family == .ipv6 ? .esp6 : .esp4 }
  var id: CheckID { CheckID(rawValue: "xfrm.\(module.name).\(suffix)") }
}

extension ESPVariant {
  /// What every host is asked for.
  static let all = [AddressFamily.ipv4, .ipv6].flatMap { [gcm($0), cbcSHA2($0)] }

  static func gcm(_ family: AddressFamily) -> ESPVariant {
    ESPVariant(
      family: family, proposal: .aes256gcm16, suffix: "gcm", title: "AES-GCM",
      named: [.gcm], parts: [.seqiv, .ctr, .ghash, .aes])
  }

  static func cbcSHA2(_ family: AddressFamily) -> ESPVariant {
    ESPVariant(
      family: family, proposal: .aes256sha256, suffix: "cbc-sha2", title: "AES-CBC with SHA-2",
      named: [.cbc, .hmac, .sha256], parts: [.authenc, .echainiv, .aes])
  }
}
