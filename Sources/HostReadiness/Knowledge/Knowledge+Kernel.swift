extension KnowledgeBase {
  /// The kernel's own words for a refusal, whichever program passes them on.
  static let kernel: [KnowledgeEntry] = [
    .message(
      .kernel, "no-type", "the kernel knows no such IPsec protocol",
      says: ["Requested type not found"],
      why: "the kernel has no ESP (or AH, or IPComp) of that address family; over IPv6 it does not "
        + "even look for esp6 while the module ipv6 is not loaded",
      do: "`xfrmctl check --load`, or `modprobe -a ipv6 esp4 esp6`; if that fails, `xfrmctl check` "
        + "says what stands in the way",
      checks: CheckID.esp + ["mod.ipv6", "mod.esp4", "mod.esp6"]),
    .message(
      .kernel, "no-algorithm", "the kernel does not know an algorithm",
      says: [
        "Requested AEAD algorithm not found", "Requested AUTH algorithm not found",
        "Requested AUTH_TRUNC algorithm not found", "Requested CRYPT algorithm not found",
        "Requested COMP algorithm not found",
      ],
      why:
        "no module of this kernel implements what was asked for; the kernel looks at this before "
        + "the protocol, which may be missing too",
      do: "load the algorithm's module or ask for another algorithm",
      checks: CheckID.esp),
    .message(
      .kernel, "no-template", "a part that the algorithm is composed of is missing",
      says: [
        "unable to initialize cryptographic operations",
        "unable to initialize cryptographic operations (2)",
        "unable to initialize cryptographic operations … ENOENT",
        "unable to initialize cryptographic operations … No such file or directory",
      ],
      why: "the algorithm is known, but seqiv, echainiv, authenc, ctr or ghash cannot be had",
      do: "install the rest of the kernel's modules", checks: CheckID.esp),
    .message(
      .kernel, "key-length", "the key has the wrong length",
      says: [
        "unable to initialize cryptographic operations",
        "unable to initialize cryptographic operations (22)",
        "unable to initialize cryptographic operations … EINVAL",
        "unable to initialize cryptographic operations … Invalid argument",
      ],
      why:
        "the algorithm does not take a key of this length; those of AES-GCM, AES-CCM and AES-CTR "
        + "end with a salt of 3 or 4 bytes",
      do: "give a key with its salt: 36 bytes for AES-256-GCM, 20 for AES-128-GCM"),
    .message(
      .kernel, "pmtu-flag", "NOPMTUDISC on an incoming SA",
      says: ["Flag NOPMTUDISC should not be set for input SA"],
      why: "from Linux 6.10 the kernel refuses this flag on SAs that are told to be incoming; the "
        + "daemon sets it where net.ipv4.ip_no_pmtu_disc is 1",
      do: "`sysctl net.ipv4.ip_no_pmtu_disc=0`, or update the daemon"),
    .message(
      .kernel, "pcpu-without-direction", "an SA for one CPU without a direction",
      says: ["SA_PCPU only supported with SA_DIR"],
      why:
        "a program asks for an SA of one CPU and does not say whether it is incoming or outgoing",
      do: "say the direction (dir in, dir out); after a probe for the feature it means nothing"),
    .message(
      .kernel, "mode", "the kernel does not know the mode",
      says: [
        "netlink error: Unsupported mode", "ext_ack: Unsupported mode", "Error: Unsupported mode",
        "Unsupported mode (22)",
      ],
      why:
        "IP-TFS exists from Linux 6.14 and may be a module; other modes than tunnel and transport "
        + "may be missing as well",
      do: "use mode tunnel, or boot a kernel with CONFIG_XFRM_IPTFS"),
  ]
}
