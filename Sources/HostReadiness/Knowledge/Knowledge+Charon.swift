extension KnowledgeBase {
  private static let esp = CheckID.esp

  /// strongSwan's daemon: security associations.
  ///
  /// Since strongSwan 5.9.9 the kernel's own words stand where the C library's did, so only the
  /// number in parentheses is sure to be there.
  private static let charonAssociations: [KnowledgeEntry] = [
    .message(
      .charon, "no-protocol", "the kernel knows no such IPsec protocol",
      says: ["received netlink error … (93)", "Add SA … errno 93"],
      why: "the kernel has no ESP (or AH, or IPComp) of that address family: it was built without "
        + "esp4 or esp6, or something keeps the module from being loaded",
      do: "load esp4 and esp6 (`xfrmctl check --load`); where they are blocked or missing, "
        + "`xfrmctl check` says by what and how to come by them; a provider's kernel without ESP "
        + "takes another kernel or another provider",
      checks: esp + ["mod.esp4", "mod.esp6"]),
    .message(
      .charon, "no-ah", "the kernel has no AH",
      says: ["selected proposal: AH … received netlink error … (93)", "Add SA ah. … errno 93"],
      why: "the kernel was built without INET_AH or INET6_AH, as that of WSL2 is; ESP is another "
        + "matter and may well work",
      do: "propose ESP (esp= instead of ah=), which authenticates all but the outer header",
      checks: ["xfrm.esp4.gcm", "xfrm.esp6.gcm"]),
    .message(
      .charon, "unknown-algorithm", "the kernel does not know an algorithm",
      says: ["received netlink error … (38)", "Add SA … errno 38"],
      why: "no module of this kernel implements the cipher or hash that was negotiated; small "
        + "boards and stripped kernels often lack GCM or SHA-512",
      do: "load the module (gcm, sha512, …) or negotiate something else with esp=",
      checks: esp),
    .message(
      .charon, "no-template", "a part that the algorithm is composed of is missing",
      says: ["received netlink error … (2)", "Add SA … errno 2"],
      why: "the kernel knows the algorithm's name, but cannot put it together: seqiv, echainiv, "
        + "authenc, ctr or ghash is not there; OpenWrt has them in packages of their own",
      do: "install the modules: kmod-crypto-gcm, -authenc, -echainiv on OpenWrt, the package with "
        + "the rest of the kernel's modules elsewhere",
      checks: esp),
    .message(
      .charon, "no-memory", "the kernel could not set up the cipher",
      says: ["received netlink error … (12)", "Add SA … errno 12"],
      why: "the kernel is out of memory, or its driver for the cipher fails; vendors' kernels of "
        + "4.9 are known for the latter",
      do: "look for an allocation failure in `dmesg`; without one, take a newer kernel",
      checks: ["xfrm.esp4.gcm", "xfrm.esp4.cbc-sha2"]),
    .message(
      .charon, "invalid-argument", "the kernel finds something wrong with the SA",
      says: ["received netlink error … (22)", "Add SA … errno 22"],
      why: "a rule of the kernel is broken: a replay window of 0 with ESN, too large a window, a "
        + "key of the wrong length, an unknown mode, or a device that refuses to offload",
      do: "read the kernel's words on the line, if it has any; set replay_window=32 and "
        + "hw_offload=no to rule those out"),
    .message(
      .charon, "not-permitted", "the daemon may not configure IPsec",
      says: [
        "received netlink error … (1)", "Add SA … errno 1",
        "unable to bind XFRM event socket: Operation not permitted",
        "getting SPD hash threshold failed: Operation not permitted",
      ],
      why: "the process lacks CAP_NET_ADMIN in the user namespace that owns its network namespace",
      do: "run it as root; give a container --cap-add NET_ADMIN", checks: ["env.privilege"]),
    .message(
      .charon, "sa-exists", "there is such an SA already",
      says: [
        "unable to add SAD entry … (ALREADY_DONE)", "Add SA … errno 17", "File exists (errno 17)",
      ],
      why: "an SA with the same destination, SPI and protocol is in the kernel: left behind by a "
        + "crash, or made by a second IKE daemon or a failover peer",
      do: "stop the other daemon; with none running, remove what is left: `xfrmctl state flush`"),
    .message(
      .charon, "sa-not-added", "an SA was not added",
      says: ["unable to add SAD entry", "unable to update SAD entry"],
      why: "the kernel refused it; this line only tells the consequence",
      do: "explain the netlink error on the line before", checks: esp),
    .message(
      .charon, "spi-expired", "the reserved SPI was gone before the SA came",
      says: [
        "kernel expired our reserved IPsec SA SPI",
        "allocated SPI not found anymore, try to add SAD entry",
      ],
      why: "the kernel keeps a reserved SPI for net.core.xfrm_acq_expires seconds, 30 unless the "
        + "daemon raises it, which a read-only /proc/sys (ProtectKernelTunables, a container) "
        + "prevents; the negotiation took longer",
      do: "set net.core.xfrm_acq_expires to 165 before the daemon starts, by a file in "
        + "/etc/sysctl.d"),
    .message(
      .charon, "no-spi", "no SPI could be reserved",
      says: ["unable to get SPI", "allocating SPI failed"],
      why: "every SPI of the configured range is in use, or the daemon lacks CAP_NET_ADMIN",
      do: "widen charon.spi_min and spi_max; check the daemon's privileges",
      checks: ["env.privilege", "xfrm.netlink"]),
    .message(
      .charon, "algorithm-not-offered", "the daemon has no kernel name for an algorithm",
      says: ["algorithm … not supported by kernel!"],
      why: "strongSwan's table of kernel algorithms has no such entry (CAMELLIA_CTR, for example), "
        + "whatever the kernel could do",
      do: "negotiate another proposal with esp="),
    .message(
      .charon, "hardware-offload", "the network device cannot offload IPsec",
      says: ["HW offload is not supported by device", "failed to configure HW offload"],
      why: "hw_offload asks for what the device or its driver does not do",
      do: "set hw_offload=no, or auto to fall back on the kernel's own crypto"),
  ]

  static let charon = charonAssociations + charonPolicies + charonSockets
}
