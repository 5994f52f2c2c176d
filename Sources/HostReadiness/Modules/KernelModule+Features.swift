internal import XFRMKit

// MARK: - Protocols and devices

extension KernelModule {
  static let ah4 = KernelModule("ah4", option: "INET_AH", aliases: ["xfrm-type-2-51"])
  static let ah6 = KernelModule("ah6", option: "INET6_AH", aliases: ["xfrm-type-10-51"])
  /// IPComp over IPv4.
  static let ipComp4 = KernelModule("ipcomp", option: "INET_IPCOMP", aliases: ["xfrm-type-2-108"])
  /// IPComp over IPv6.
  static let ipComp6 = KernelModule(
    "ipcomp6", option: "INET6_IPCOMP", aliases: ["xfrm-type-10-108"])
  /// IPv4 in IP, for packets of IPComp tunnels that were not worth compressing.
  static let xfrm4Tunnel = KernelModule(
    "xfrm4_tunnel", option: "INET_XFRM_TUNNEL", aliases: ["xfrm-type-2-4"])
  /// The same over IPv6.
  static let xfrm6Tunnel = KernelModule(
    "xfrm6_tunnel", option: "INET6_XFRM_TUNNEL", aliases: ["xfrm-type-10-41"])
  static let xfrmInterface = KernelModule(
    "xfrm_interface", option: "XFRM_INTERFACE", aliases: ["rtnl-link-xfrm"])
  static let vti4 = KernelModule("ip_vti", option: "NET_IPVTI", aliases: ["rtnl-link-vti"])
  static let vti6 = KernelModule("ip6_vti", option: "IPV6_VTI", aliases: ["rtnl-link-vti6"])
  static let iptfs = KernelModule("xfrm_iptfs", option: "XFRM_IPTFS")
  /// Joins and splits ESP packets, and hands them to devices that encrypt.
  static let esp4Offload = KernelModule(
    "esp4_offload", option: "INET_ESP_OFFLOAD", aliases: ["xfrm-offload-2-50"])

  /// The module that speaks a protocol of IPsec over a family.
  static func speaking(_ proto: IPProtocol, _ family: AddressFamily) -> KernelModule {
    switch (proto, family) {
    case (.ah, .ipv6): .ah6
    case (.ah, _): .ah4
    case (.ipComp, .ipv6): .ipComp6
    case (.ipComp, _): .ipComp4
    case (_, .ipv6): .esp6
    default: .esp4
    }
  }

  private static let features = [
    ah4, ah6, ipComp4, ipComp6, xfrm4Tunnel, xfrm6Tunnel, xfrmInterface, vti4, vti6, iptfs,
    esp4Offload,
  ]
}

// MARK: - Algorithms

extension KernelModule {
  /// A module that implements an algorithm, by its own name.
  init(algorithm name: String) {
    let option = Self.unusualOptions[name] ?? Self.algorithm(of: name).uppercased()
    self.init(name, option: "CRYPTO_\(option)")
  }

  /// Options that are not called as their modules are.
  private static let unusualOptions = [
    "authencesn": "AUTHENC", "chacha_generic": "CHACHA20", "crypto_null": "NULL",
    "sm3_generic": "SM3_GENERIC", "sm4_generic": "SM4_GENERIC",
  ]

  /// The name of the algorithm that it implements: `sha256`.
  var algorithm: Substring { Self.algorithm(of: name) }

  private static func algorithm(of name: String) -> Substring { name.prefix { $0 != "_" } }

  /// What composes ciphers and hashes: any of them may be missing where the rest is there.
  static let templates = ["seqiv", "echainiv", "authenc", "ctr", "ghash_generic"].map {
    KernelModule(algorithm: $0)
  }

  /// Those of every algorithm that SAs may have, and what those are composed of.
  static let algorithms: Set<KernelModule> = {
    let ciphers =
      AEADAlgorithm.all.flatMap(\.modules) + EncryptionAlgorithm.all.flatMap(\.modules)
    let others =
      AuthenticationAlgorithm.all.flatMap(\.modules) + CompressionAlgorithm.all.flatMap(\.modules)
    let composing = ESPProposal.all.flatMap(\.composingModules) + ["authencesn"]
    return Set((ciphers + others + composing).map { KernelModule(algorithm: $0) })
  }()

  /// Everything that a check may ask for, or name as the cause of something.
  static let known = algorithms.union(all + features)
}
