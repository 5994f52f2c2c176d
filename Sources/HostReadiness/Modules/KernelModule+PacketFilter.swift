extension KernelModule {
  static let nfTables = KernelModule("nf_tables", option: "NF_TABLES")
  static let nftMasquerade = KernelModule("nft_masq", option: "NFT_MASQ")
  static let xtMasquerade = KernelModule(
    "xt_MASQUERADE", option: "NETFILTER_XT_TARGET_MASQUERADE")
  static let xtTCPMSS = KernelModule("xt_TCPMSS", option: "NETFILTER_XT_TARGET_TCPMSS")
  /// The packet filter that `iptables-legacy` sets up.
  static let ipTables = KernelModule("ip_tables", option: "IP_NF_IPTABLES")
  static let ip6Tables = KernelModule("ip6_tables", option: "IP6_NF_IPTABLES")

  /// A table of it: `iptable_nat`.
  static func table(_ name: String, isIPv6: Bool) -> KernelModule {
    KernelModule(
      "ip\(isIPv6 ? "6" : "")table_\(name)",
      option: "IP\(isIPv6 ? "6" : "")_NF_\(name.uppercased())")
  }

  /// What Algo's rules match, but for what IPsec has done to a packet.
  static let matches: [KernelModule] = [
    KernelModule("xt_conntrack", option: "NETFILTER_XT_MATCH_CONNTRACK"),
    KernelModule("xt_multiport", option: "NETFILTER_XT_MATCH_MULTIPORT"),
    KernelModule("xt_hashlimit", option: "NETFILTER_XT_MATCH_HASHLIMIT"),
    KernelModule("xt_owner", option: "NETFILTER_XT_MATCH_OWNER"),
    KernelModule("xt_hl", option: "NETFILTER_XT_MATCH_HL"),
    KernelModule("ip6t_ah", option: "IP6_NF_MATCH_AH"),
  ]

  /// Those that a packet filter for IPsec may need.
  static let firewall: [KernelModule] =
    [
      xtPolicy, nfTables, nftXfrm, nftMasquerade, xtMasquerade, xtTCPMSS, ipTables, ip6Tables,
    ] + matches + LegacyTable.all.map(\.module)
}
