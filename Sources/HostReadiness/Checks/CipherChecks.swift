internal import XFRMKit

extension CheckDefinition {
  /// Ciphers and hashes, over whichever ESP the kernel has.
  static let cryptography: [CheckDefinition] =
    [
      cipher("gcm", "aes128gcm16", "AES-GCM", isCommon: true),
      cipher("ccm", "aes128ccm16", "AES-CCM"),
      cipher("chacha", "chacha20poly1305", "ChaCha20-Poly1305", isCommon: true),
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
      Importance(
        gateway: .optional, strongswan: isCommon ? .recommended : .optional,
        algo: suffix == "gcm" ? .required : nil, libreswan: .optional),
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

  private static let templates = CheckDefinition(
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
    why: "without instructions for it AES takes many times as long; ChaCha20-Poly1305 is faster then",
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
    Importance(
      gateway: .optional, strongswan: .recommended, algo: .recommended, libreswan: .recommended),
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

extension Findings {
  /// This explains what probes say: where they show that the parts are there, or that they are of
  /// no use yet, it changes no verdict.
  fileprivate func judgeTemplates() -> Judgement {
    let usual: [CheckID] = ["xfrm.esp4.gcm", "xfrm.esp4.cbc-sha2"]
    if usual.allSatisfy({ probes[$0].outcome.works }) {
      return Judgement(status: .pass, summary: "there, as the probes show")
    }
    let conditions = KernelModule.templates.map(condition)
    let absent = conditions.filter { !$0.state.isPresent && !$0.state.mayBeLoaded }
    guard !absent.isEmpty else {
      return Judgement(
        status: .pass, summary: "there, or on disk", evidence: conditions.flatMap(\.evidence))
    }
    let isKnown = absent.contains { $0.state != .unknown }
    var judgement = Judgement(
      status: isKnown ? .fail : .unknown,
      summary: isKnown ? "\(absent.count) of \(conditions.count) missing" : "the files do not tell",
      evidence: absent.flatMap(\.evidence), explanation: explain(absent.map(\.module)))
    let esp = probes["xfrm.esp4"].outcome
    if case .noProtocol = esp.denial?.cause {
      // A kernel with ESP brings them along.
      judgement.status = isKnown ? .absent : .unknown
      judgement.severity = .optional
      judgement.explanation.remedies = []
    } else if esp.works {
      judgement.severity = .optional
    }
    return judgement
  }

  fileprivate func judgeCipher(_ kind: SAKind, _ id: CheckID) -> Judgement {
    judge(id) { error in
      guard case .noProtocol = error.cause else { return judge(kind, denied: error) }
      return Judgement(
        status: .unknown, summary: "takes ESP to tell", evidence: [error.evidence],
        explanation: Explanation(cause: "the kernel has no ESP to use the algorithms"))
    }
  }

  fileprivate func judgeAcceleration() -> Judgement {
    guard let choice = ipsec.drivers.ipsec else {
      return Judgement(
        status: .unknown, summary: "no SA has used AES yet",
        explanation: Explanation(cause: "/proc/crypto does not list what no SA has used"))
    }
    let evidence = [Evidence("/proc/crypto", "\(choice.algorithm) by \(choice.driver)")]
    guard !choice.isAccelerated else {
      return Judgement(status: .pass, summary: "used", evidence: evidence)
    }
    let explanation: Explanation =
      switch ipsec.drivers.processorHasAES {
      case true:
        Explanation(
          cause: "the processor has them, and \(choice.driver) does not use them",
          remedies: [Remedy("load the processor's AES module, such as aesni_intel")])
      case false: Explanation(cause: "the processor has none, or the virtual machine hides them")
      case nil: Explanation(cause: "\(choice.driver) uses none")
      }
    return Judgement(
      status: .fail, summary: "not used: AES is slow", evidence: evidence,
      explanation: explanation)
  }
}
