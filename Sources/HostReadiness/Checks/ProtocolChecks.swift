internal import XFRMKit

extension CheckID {
  /// The checks of ESP that every host is asked about.
  static let esp: [CheckID] = [
    "xfrm.esp4", "xfrm.esp6", "xfrm.esp4.gcm", "xfrm.esp4.cbc-sha2", "xfrm.esp6.gcm",
    "xfrm.esp6.cbc-sha2",
  ]

  /// The check of ESP over a family with any of the profile's proposals.
  static func esp(over family: AddressFamily) -> CheckID {
    family == .ipv6 ? "xfrm.esp6" : "xfrm.esp4"
  }
}

extension CheckDefinition {
  /// - Parameter proposals: Those of a profile; what it is silent about are the usual two.
  static func protocols(_ proposals: [ESPProposal]) -> [CheckDefinition] {
    let usual: [ESPProposal] = [.aes256gcm16, .aes256sha256]
    let wanted = proposals.isEmpty ? usual : proposals
    let further = proposals.filter { !usual.contains($0) }
    return [esp(.ipv4, wanted), gcm(.ipv4), cbcSHA2(.ipv4)] + further.map(proposal)
      + [transport, beet, esp(.ipv6, wanted), gcm(.ipv6), cbcSHA2(.ipv6), v6in4]
      + [ah(.ipv4), ah(.ipv6)] + ipComp + cryptography
  }

  // MARK: ESP

  /// Whether the kernel does ESP over a family with any of some proposals.
  private static func esp(_ family: AddressFamily, _ proposals: [ESPProposal]) -> CheckDefinition {
    let module = KernelModule.speaking(.esp, family).name
    return association(
      CheckID(rawValue: "xfrm.\(module)"), .protocols, "ESP over \(family)",
      family == .ipv6
        ? Importance(
          minimal: .optional, gateway: .recommended, strongswan: .recommended,
          algo: .recommended, libreswan: .recommended) : .always(.required),
      .esp(family, proposals),
      "an ESP SA over \(family) with the profile's first proposal that works",
      why: "nothing but such an SA proves that the kernel can: policies, SPIs and sockets are "
        + "granted without \(module), too; either that or an algorithm is missing",
      related: [CheckID(rawValue: "mod.\(module)")])
  }

  private static func gcm(_ family: AddressFamily) -> CheckDefinition {
    proposal(
      "gcm", "AES-GCM", .aes256gcm16, family,
      family == .ipv6
        ? .always(.optional)
        : Importance(
          minimal: .recommended, gateway: .recommended, strongswan: .recommended,
          algo: .required, libreswan: .recommended))
  }

  private static func cbcSHA2(_ family: AddressFamily) -> CheckDefinition {
    let severity: Check.Severity = family == .ipv6 ? .optional : .recommended
    return proposal(
      "cbc-sha2", "AES-CBC with SHA-2", .aes256sha256, family,
      // Whoever sets SAs up by hand chooses what works, and for what is not loaded yet the kernel
      // starts modprobe a dozen times.
      Importance(gateway: severity, strongswan: severity, libreswan: severity))
  }

  /// What a profile asks for by itself is required.
  private static func proposal(_ proposal: ESPProposal) -> CheckDefinition {
    Self.proposal(proposal.name, proposal.name, proposal, .ipv4, .always(.required))
  }

  private static func proposal(
    _ suffix: String, _ title: String, _ proposal: ESPProposal, _ family: AddressFamily,
    _ importance: Importance
  ) -> CheckDefinition {
    let module = KernelModule.speaking(.esp, family).name
    let long = "ESP over \(family): \(title)"
    return association(
      CheckID(rawValue: "xfrm.\(module).\(suffix)"), .protocols,
      long.count <= 33 ? long : "ESP: \(title)", importance, .esp(family, [proposal]),
      "an ESP SA over \(family) with \(title)",
      why: "the SAs of peers that choose this proposal cannot be set up: ESP or one of its "
        + "algorithms is missing",
      related: [CheckID(rawValue: "xfrm.\(module)"), CheckID(rawValue: "mod.\(module)")])
  }

  // MARK: Modes

  private static let transport = association(
    "xfrm.esp4.transport", .protocols, "ESP in transport mode",
    Importance(
      minimal: .optional, gateway: .optional, strongswan: .recommended, algo: .optional,
      libreswan: .recommended),
    .esp(.ipv4, .transport), "an ESP SA over IPv4 in transport mode",
    why: "L2TP and GRE over IPsec, and SAs between hosts, take transport mode; before Linux 5.2 it "
      + "is a module of its own")

  private static let beet = association(
    "xfrm.esp4.beet", .protocols, "ESP in BEET mode",
    Importance(gateway: .optional, strongswan: .recommended, libreswan: .optional),
    .esp(.ipv4, .beet) { association in
      association.selector = Selector(
        from: IPPrefix(.documentation(3, .ipv4)), to: IPPrefix(.documentation(4, .ipv4)))
    }, "an ESP SA over IPv4 in BEET mode",
    why: "few peers use it; before Linux 5.2 it is a module of its own")

  private static let v6in4: CheckDefinition = {
    var kind = SAKind.esp(.ipv4) { $0.flags.insert(.anyFamily) }
    kind.policyFamily = .ipv6
    return association(
      "xfrm.v6in4", .protocols, "IPv6 through ESP over IPv4",
      Importance(
        gateway: .recommended, strongswan: .recommended, algo: .required, libreswan: .recommended),
      kind, "an ESP SA over IPv4 and policies for IPv6 that use it",
      why: "clients that send all of their traffic, IPv6 as well, through a tunnel over IPv4 need "
        + "this")
  }()

  // MARK: AH and IPComp

  private static func ah(_ family: AddressFamily) -> CheckDefinition {
    let module = KernelModule.speaking(.ah, family).name
    return association(
      CheckID(rawValue: "xfrm.\(module)"), .protocols, "AH over \(family)",
      Importance(gateway: .optional, strongswan: .recommended, libreswan: .optional),
      .ah(family), "an AH SA over \(family) with HMAC-SHA-256",
      why: "peers that ask for AH, which encrypts nothing, cannot be served")
  }

  private static let ipComp =
    [AddressFamily.ipv4, .ipv6].map { ipComp($0) }
    + [ipCompTunnel(.ipv4, .xfrm4Tunnel), ipCompTunnel(.ipv6, .xfrm6Tunnel)]

  static let ipCompImportance = Importance(
    strongswan: .recommended, algo: .recommended, libreswan: .recommended)

  private static func ipComp(_ family: AddressFamily) -> CheckDefinition {
    association(
      family == .ipv6 ? "xfrm.ipcomp6" : "xfrm.ipcomp4", .protocols, "IPComp over \(family)",
      ipCompImportance, .ipComp(family), "an IPComp SA over \(family) with DEFLATE",
      why: "a daemon that is set to compress agrees with its peer on it even where the kernel "
        + "cannot, and no packet gets through",
      advice: "load \(KernelModule.speaking(.ipComp, family).name) and deflate, or turn "
        + "compression off", related: ["crypto.deflate"])
  }

  private static func ipCompTunnel(
    _ family: AddressFamily, _ module: KernelModule
  ) -> CheckDefinition {
    var kind = SAKind.ipComp(family, .tunnel)
    kind.furtherModules = [module]
    return association(
      family == .ipv6 ? "xfrm.tunnel6" : "xfrm.tunnel4", .protocols,
      "IPComp tunnels over \(family)", ipCompImportance, kind,
      "an IPComp SA over \(family) in tunnel mode",
      why: "packets that are not worth compressing go through the tunnel as they are, which takes "
        + module.name,
      advice: "load \(module.name), or turn compression off",
      related: [family == .ipv6 ? "xfrm.ipcomp6" : "xfrm.ipcomp4"])
  }
}
