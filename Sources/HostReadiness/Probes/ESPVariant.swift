internal import XFRMKit

/// A kind of ESP that a host may be capable of.
struct ESPVariant: Hashable, Sendable {
  var family: AddressFamily
  var proposal: ESPProposal
  /// The last part of the check's name.
  var suffix: String
  /// The algorithms in a few characters.
  var title: String

  /// The module that speaks ESP over the family.
  var module: KernelModule { family == .ipv6 ? .esp6 : .esp4 }
  var id: CheckID { CheckID(rawValue: "xfrm.\(module.name).\(suffix)") }

  /// What the kernel needs to know the algorithms that a refusal names.
  func modules(of names: String) -> [KernelModule] {
    proposal.algorithms.filter { names.contains($0.name) }
      .flatMap { $0.modules.map { KernelModule(algorithm: $0) } }
  }

  /// All that the kernel needs for it.
  var modules: [KernelModule] {
    [module, .xfrmAlgo] + proposal.composingModules.map { KernelModule(algorithm: $0) }
      + proposal.algorithms.flatMap { modules(of: $0.name) }
  }

  /// What the algorithms are composed of and with, beyond what their names say.
  var parts: [KernelModule] {
    proposal.composingModules.map { KernelModule(algorithm: $0) }
      + proposal.algorithms.flatMap { algorithm in
        modules(of: algorithm.name).filter { !algorithm.name.contains($0.algorithm) }
      }
  }
}

extension ESPVariant {
  /// What every host is asked for.
  static let all = [AddressFamily.ipv4, .ipv6].flatMap { [gcm($0), cbcSHA2($0)] }

  static func gcm(_ family: AddressFamily) -> ESPVariant {
    ESPVariant(
      family: family, proposal: .aes256gcm16, suffix: "gcm", title: "AES-GCM")
  }

  static func cbcSHA2(_ family: AddressFamily) -> ESPVariant {
    ESPVariant(
      family: family, proposal: .aes256sha256, suffix: "cbc-sha2", title: "AES-CBC with SHA-2")
  }
}
