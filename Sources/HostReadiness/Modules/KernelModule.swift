internal import XFRMKit

/// A part of the kernel that may be a module, and what it is good for.
public struct KernelModule: Hashable, Sendable {
  /// As the kernel spells it, with underscores: `xfrm_user`.
  public var name: String
  /// The option of the kernel's configuration that builds it, without `CONFIG_`: `XFRM_USER`.
  public var option: String
  /// What the kernel asks for when it wants the module: `net-pf-16-proto-6`.
  public var aliases: [String]
  /// What goes wrong without it, in half a sentence.
  var purpose: String?
  /// How much it matters to each use that it is there, where only files can tell.
  var importance: Importance
  /// Checks whose probes the kernel cannot answer well without it.
  var provenBy: [CheckID]

  init(
    _ name: String, option: String, aliases: [String] = [],
    importance: Importance = .always(.optional), provenBy: [CheckID] = [], without: String? = nil
  ) {
    self.name = name
    self.option = option
    self.aliases = aliases
    self.importance = importance
    self.provenBy = provenBy
    purpose = without
  }
}

extension KernelModule {
  /// What IPsec needs by name, in the order in which to load it: IPv6 must be there before ESP over
  /// it.
  public static let all = basis + algorithms + protocols + devices + packetFilter + others

  /// What the kernel's own request is called that loads it, or whatever else does the same.
  var request: String {
    isAlgorithm ? aliases.first ?? name : name
  }

  /// What it is called in checks: kernels' files for the same algorithm have many names.
  var label: String { isAlgorithm ? String(algorithm) : name }

  var id: CheckID { CheckID(rawValue: "mod.\(label)") }
}

// MARK: - Algorithms

extension KernelModule {
  /// A module that implements an algorithm, by its own name.
  init(algorithm name: String) {
    let option = Self.unusualOptions[name] ?? Self.algorithm(of: name).uppercased()
    self =
      Self.algorithms.first { $0.name == name } ?? KernelModule(name, option: "CRYPTO_\(option)")
  }

  /// Options that are not called as their modules are.
  private static let unusualOptions = [
    "authencesn": "AUTHENC", "chacha_generic": "CHACHA20", "crypto_null": "NULL",
    "sm3_generic": "SM3_GENERIC", "sm4_generic": "SM4_GENERIC",
  ]

  var isAlgorithm: Bool { option.hasPrefix("CRYPTO_") }

  /// The name of the algorithm that it implements: `sha256`.
  var algorithm: Substring { Self.algorithm(of: name) }

  private static func algorithm(of name: String) -> Substring { name.prefix { $0 != "_" } }

  /// What composes ciphers and hashes: any of them may be missing where the rest is there.
  static let templates = ["seqiv", "echainiv", "authenc", "ctr", "ghash_generic"].map {
    KernelModule(algorithm: $0)
  }

  /// Those of every algorithm that SAs may have, and what those are composed of.
  static let everyAlgorithm: Set<KernelModule> = {
    let ciphers =
      AEADAlgorithm.all.flatMap(\.modules) + EncryptionAlgorithm.all.flatMap(\.modules)
    let others =
      AuthenticationAlgorithm.all.flatMap(\.modules) + CompressionAlgorithm.all.flatMap(\.modules)
    let composing = ESPProposal.all.flatMap(\.composingModules) + ["authencesn"]
    return Set((ciphers + others + composing).map { KernelModule(algorithm: $0) })
  }()

  /// Everything that a check may ask for, or name as the cause of something.
  static let known = everyAlgorithm.union(all + firewall)
}
