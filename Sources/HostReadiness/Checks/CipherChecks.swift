internal import XFRMKit

extension CheckDefinition {
  /// Ciphers and hashes, over whichever ESP the kernel has.
  static let cryptography: [CheckDefinition] =
    [
      cipher("gcm", "aes128gcm16", "AES-GCM", isCommon: true),
      cipher("ccm", "aes128ccm16", "AES-CCM"),
      cipher("chacha", "chacha20poly1305", "ChaCha20-Poly1305"),
      cipher("cbc-sha1", "aes128-sha1", "AES-CBC with SHA-1"),
      cipher("cbc-sha256", "aes128-sha256", "AES-CBC with SHA-256", isCommon: true),
      cipher("cbc-sha384", "aes256-sha384", "AES-CBC with SHA-384", isCommon: true),
      cipher("cbc-sha512", "aes256-sha512", "AES-CBC with SHA-512", isCommon: true),
      cipher("gmac", "aes128gmac", "AES-GMAC"),
      cipher("ctr", "aes128ctr-sha256", "AES-CTR with SHA-256"),
      cipher("cmac", "aes128-aescmac", "AES-CBC with AES-CMAC"),
      cipher("xcbc", "aes128-aesxcbc", "AES-CBC with AES-XCBC"),
      cipher("camellia", "camellia128-sha256", "Camellia with SHA-256"),
      cipher("null", "null-sha256", "NULL with SHA-256"),
    ].compactMap(\.self) + [templates, acceleration, fips, deflate]

  /// - Parameters:
  ///   - proposal: By name.
  ///   - isCommon: Whether daemons propose it unless they are told otherwise.
  private static func cipher(
    _ suffix: String, _ proposal: String, _ title: String, isCommon: Bool = false
  ) -> CheckDefinition? {
    guard let proposal = ESPProposal(named: proposal) else { return nil }
    let kinds = [AddressFamily.ipv4, .ipv6].map { SAKind.esp($0, [proposal]) }
    let id = CheckID(rawValue: "crypto.\(suffix)")
    var definition = feature(
      id, .protocols, title,
      // Each takes a slow guest a tenth of a second and more: what is rare is for a user's profile.
      Importance(
        strongswan: isCommon ? .recommended : nil, algo: suffix == "gcm" ? .required : nil),
      about: "adds an ESP SA with \(proposal), over IPv4 or else IPv6, reads it back and deletes "
        + "it, in a private network namespace",
      why: "peers that propose nothing else cannot be served",
      advice: "load the algorithms' modules, or propose others", related: ["crypto.templates"],
      probe: KernelProbe { session in
        let outcome = kinds[0].probe(&session.xfrm)
        guard case .noProtocol = outcome.denial?.cause else { return outcome }
        let other = kinds[1].probe(&session.xfrm)
        return other.works ? other : outcome
      }
    ) { $0.judgeCipher(kinds[0], id) }
    definition.kind = kinds[0]
    return definition
  }

  // MARK: What composes and carries them out

  private static let templates = bareTemplates.forgiving

  private static let bareTemplates = CheckDefinition(
    id: "crypto.templates", group: .protocols, title: "Parts of algorithms",
    importance: .always(.recommended),
    about: "looks for seqiv, echainiv, authenc, ctr and ghash, of which algorithms are composed",
    why: "an algorithm whose part is missing is there and cannot be used: no module asks for them "
      + "by itself", advice: "install the rest of the kernel's modules",
    related: ["xfrm.esp4.gcm", "xfrm.esp4.cbc-sha2"]
  ) { $0.judgeTemplates() }

  private static let acceleration = feature(
    "crypto.accel", .protocols, "Instructions for AES",
    Importance(gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .optional),
    about: "looks up in /proc/crypto what does AES's work once an SA has used it",
    why:
      "without instructions for it AES takes many times as long; ChaCha20-Poly1305 is faster then",
    advice: "load aesni_intel or what the processor has in its place, or have the virtual machine "
      + "shown the processor's aes flag", dependsOn: []
  ) { $0.judgeAcceleration() }

  private static let fips = feature(
    "crypto.fips", .protocols, "FIPS mode",
    Importance(
      gateway: .optional, strongswan: .recommended, algo: .optional, libreswan: .optional),
    about: "reads crypto.fips_enabled",
    why: "in FIPS mode the kernel refuses what is not approved: ChaCha20-Poly1305, MD5, short keys",
    advice: "propose approved algorithms only, such as AES-GCM", dependsOn: []
  ) { findings in
    guard findings.ipsec.isFIPS else { return Judgement(status: .pass, summary: "off") }
    return Judgement(
      status: .fail, summary: "on: not every algorithm is allowed",
      evidence: [Evidence("/proc/sys/crypto/fips_enabled", "1")],
      explanation: Explanation(
        cause: "the kernel allows approved algorithms only, which ChaCha20-Poly1305 is not",
        remedies: [Remedy("propose approved algorithms only, such as AES-GCM")]))
  }

  private static let deflate = feature(
    "crypto.deflate", .protocols, "Compression with DEFLATE",
    ipCompImportance,
    about: "judges by xfrm.ipcomp4 whether the kernel can compress",
    why: "IPComp is good for nothing without its one algorithm",
    advice: "load deflate, or turn compression off", related: ["xfrm.ipcomp4"]
  ) { findings in
    let denial = findings.probes["xfrm.ipcomp4"].outcome.denial
    if case .noProtocol = denial?.cause {
      return Judgement(
        status: .unknown, summary: "takes IPComp to tell",
        explanation: Explanation(cause: "the kernel has no IPComp to use it"))
    }
    return findings.judge("xfrm.ipcomp4") { findings.judge(.ipComp(.ipv4), denied: $0) }
  }
}
