// What each module is for and to whom it matters. `required` is only what none of a use's ESP does
// without, and it decides only where the kernel cannot be asked.

extension KernelModule {
  /// As much as the check of ESP over IPv6, which a minimal host can do without.
  private static let overIPv6 = Importance(
    minimal: .optional, gateway: .recommended, strongswan: .recommended, algo: .recommended,
    libreswan: .recommended)

  public static let ipv6 = KernelModule(
    "ipv6", option: "IPV6", aliases: ["net-pf-10"], importance: overIPv6,
    without: "without it there is no IPv6, and the kernel does not even look for esp6")
  /// Programs' way to the kernel's IPsec databases.
  public static let xfrmUser = KernelModule(
    "xfrm_user", option: "XFRM_USER", aliases: ["net-pf-16-proto-6"],
    importance: .always(.required),
    without: "without it programs cannot talk to the kernel's IPsec")
  /// What algorithms are called.
  static let xfrmAlgo = KernelModule(
    "xfrm_algo", option: "XFRM_ALGO", importance: .always(.recommended),
    without: "without it xfrm_user, esp4 and esp6 cannot be loaded; it comes along with them")
  /// ESP over IPv4.
  public static let esp4 = KernelModule(
    "esp4", option: "INET_ESP", aliases: ["xfrm-type-2-50"], importance: .always(.required),
    without: "without it there is no ESP over IPv4")
  /// ESP over IPv6.
  public static let esp6 = KernelModule(
    "esp6", option: "INET6_ESP", aliases: ["xfrm-type-10-50"], importance: overIPv6,
    without: "without it there is no ESP over IPv6")

  /// What all ESP builds on.
  static let basis = [ipv6, xfrmUser, xfrmAlgo, esp4, esp6]
}

// MARK: - Protocols besides ESP

extension KernelModule {
  private static let daemons = Importance(
    gateway: .optional, strongswan: .optional, libreswan: .optional)

  /// Algo's server compresses if its client wants to.
  private static let compression = Importance(
    gateway: .optional, strongswan: .optional, algo: .recommended, libreswan: .optional)

  private static let alongWithOthers = Importance(
    gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .optional)

  static let ah4 = KernelModule(
    "ah4", option: "INET_AH", aliases: ["xfrm-type-2-51"], importance: daemons,
    provenBy: ["xfrm.ah4"], without: "without it there is no AH over IPv4, which few use")
  static let ah6 = KernelModule(
    "ah6", option: "INET6_AH", aliases: ["xfrm-type-10-51"], importance: daemons,
    provenBy: ["xfrm.ah6"], without: "without it there is no AH over IPv6, which few use")
  static let xfrm4Tunnel = KernelModule(
    "xfrm4_tunnel", option: "INET_XFRM_TUNNEL", aliases: ["xfrm-type-2-4"],
    importance: compression, provenBy: ["xfrm.tunnel4"],
    without: "without it there are no IPComp tunnels over IPv4")
  static let xfrm6Tunnel = KernelModule(
    "xfrm6_tunnel", option: "INET6_XFRM_TUNNEL", aliases: ["xfrm-type-10-41"],
    importance: compression, provenBy: ["xfrm.tunnel6"],
    without: "without it there are no IPComp tunnels over IPv6")
  static let ipComp4 = KernelModule(
    "ipcomp", option: "INET_IPCOMP", aliases: ["xfrm-type-2-108"], importance: compression,
    provenBy: ["xfrm.ipcomp4"],
    without: "without it there is no IPComp over IPv4, though charon negotiates it")
  static let ipComp6 = KernelModule(
    "ipcomp6", option: "INET6_IPCOMP", aliases: ["xfrm-type-10-108"], importance: compression,
    provenBy: ["xfrm.ipcomp6"],
    without: "without it there is no IPComp over IPv6, though charon negotiates it")
  static let iptfs = KernelModule(
    "xfrm_iptfs", option: "XFRM_IPTFS", importance: daemons, provenBy: ["xfrm.iptfs"],
    without: "without it there is no IPTFS mode, which Linux has since 6.14")
  static let esp4Offload = KernelModule(
    "esp4_offload", option: "INET_ESP_OFFLOAD", aliases: ["xfrm-offload-2-50"],
    importance: daemons,
    without: "without it ESP over IPv4 does without GRO, GSO and network cards' help")

  static let protocols = [
    ah4,
    ah6,
    KernelModule(
      "tunnel4", option: "INET_TUNNEL", importance: alongWithOthers,
      without: "without it ip_vti, xfrm_interface and IPComp over IPv4 cannot be loaded"),
    KernelModule(
      "tunnel6", option: "INET6_TUNNEL", importance: alongWithOthers,
      without: "without it ip6_vti, xfrm_interface and IPComp over IPv6 cannot be loaded"),
    xfrm4Tunnel,
    xfrm6Tunnel,
    KernelModule(
      "xfrm_ipcomp", option: "XFRM_IPCOMP", importance: alongWithOthers,
      without: "without it ipcomp and ipcomp6 cannot be loaded; it comes along with them"),
    ipComp4,
    ipComp6,
    KernelModule(
      "deflate", option: "CRYPTO_DEFLATE", aliases: ["crypto-deflate"], importance: compression,
      provenBy: ["xfrm.ipcomp4"], without: "without it IPComp cannot compress"),
    iptfs,
    esp4Offload,
    KernelModule(
      "esp6_offload", option: "INET6_ESP_OFFLOAD", aliases: ["xfrm-offload-10-50"],
      importance: daemons,
      without: "without it ESP over IPv6 does without GRO, GSO and network cards' help"),
  ]
}

// MARK: - Devices

extension KernelModule {
  static let xfrmInterface = KernelModule(
    "xfrm_interface", option: "XFRM_INTERFACE", aliases: ["rtnl-link-xfrm"], importance: daemons,
    provenBy: ["xfrm.interface"], without: "without it there are no XFRM interfaces")
  static let vti4 = KernelModule(
    "ip_vti", option: "NET_IPVTI", aliases: ["rtnl-link-vti"], importance: daemons,
    provenBy: ["xfrm.vti4"], without: "without it there are no VTI devices over IPv4")
  static let vti6 = KernelModule(
    "ip6_vti", option: "IPV6_VTI", aliases: ["rtnl-link-vti6"], importance: daemons,
    provenBy: ["xfrm.vti6"], without: "without it there are no VTI devices over IPv6")

  static let devices = [
    xfrmInterface,
    vti4,
    vti6,
    KernelModule(
      "tun", option: "TUN", aliases: ["devname:net/tun"],
      importance: Importance(strongswan: .optional),
      without: "without it kernel-libipsec and OpenVPN cannot work; kernel IPsec does without"),
  ]
}

// MARK: - Packet filter

extension KernelModule {
  static let xtPolicy = KernelModule(
    "xt_policy", option: "NETFILTER_XT_MATCH_POLICY", aliases: ["ipt_policy", "ip6t_policy"],
    importance: Importance(
      gateway: .optional, strongswan: .recommended, algo: .required, libreswan: .optional),
    provenBy: ["nf.policy"],
    without: "without it iptables cannot tell IPsec's packets, and iptables-restore takes "
      + "nothing of a file that wants to")
  static let nftXfrm = KernelModule(
    "nft_xfrm", option: "NFT_XFRM", aliases: ["nft-expr-xfrm"], importance: daemons,
    provenBy: ["nf.nft-xfrm"], without: "without it nft cannot tell IPsec's packets")

  static let packetFilter = [
    xtPolicy,
    nftXfrm,
  ]
}

// MARK: - Others

extension KernelModule {
  /// The older PF_KEY sockets, which few programs still use.
  public static let afKey = KernelModule(
    "af_key", option: "NET_KEY", aliases: ["net-pf-15"],
    importance: Importance(
      minimal: .optional, gateway: .optional, strongswan: .optional, algo: .required,
      libreswan: .optional),
    without: "few programs still use it, but units such as Algo's name /proc/net/pfkey, and do not "
      + "start without")

  static let wireGuard = KernelModule(
    "wireguard", option: "WIREGUARD", aliases: ["rtnl-link-wireguard"],
    importance: Importance(algo: .recommended), provenBy: ["sw.wireguard"],
    without: "without it there is no WireGuard, which Algo sets up beside IPsec")

  static let others = [
    afKey,
    KernelModule(
      "udp_tunnel", option: "NET_UDP_TUNNEL", importance: Importance(algo: .optional),
      without: "without it wireguard cannot be loaded; it comes along with that"),
    wireGuard,
  ]
}
