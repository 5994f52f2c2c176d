extension KnowledgeBase {
  /// strongSwan's daemon: policies, routes and interfaces.
  static let charonPolicies: [KnowledgeEntry] = [
    .message(
      .charon, "policy-exists", "a policy was there already",
      says: ["policy already exists, try to update it"],
      why: "a policy with the same selector, direction and mark is left over from a crash, or "
        + "belongs to a second IKE daemon; charon updates it instead",
      do: "nothing, if it is your own; otherwise stop the other daemon or `xfrmctl policy flush`, "
        + "and set policy_update=yes for good"),
    .message(
      .charon, "policy-taken", "two peers want the same traffic",
      says: ["unable to install policy … the same policy for reqid"],
      why: "two connections negotiated the same selectors: two clients with one virtual IP, or one "
        + "that reconnects while its old SA lives, as iOS does",
      do: "give each client an identity and address of its own, set uniqueids, and let dead peer "
        + "detection remove stale SAs"),
    .message(
      .charon, "no-routing-rules", "the kernel has no routing rules",
      says: [
        "received netlink error … (95)",
        "received netlink error … (95) … unable to create IPv4 routing table rule",
      ],
      why: "CONFIG_IP_MULTIPLE_TABLES is not set, so that table 220 cannot be consulted",
      do: "boot a kernel built with IP_MULTIPLE_TABLES, or have charon install no routes "
        + "(charon.install_routes=no)"),
    .message(
      .charon, "no-ipv6-rules", "the kernel has no IPv6 routing rules",
      says: [
        "received netlink error … (97)", "unable to create IPv6 routing table rule",
        "received netlink error … (97) … unable to create IPv6 routing table rule",
      ],
      why: "IPv6 is off, or CONFIG_IPV6_MULTIPLE_TABLES is not set; very old kernels of small "
        + "boards lack those for IPv4 too",
      do:
        "ignore it on a host without IPv6; otherwise turn IPv6 on or boot a kernel with the option",
      checks: ["mod.ipv6"]),
    .message(
      .charon, "rule-exists", "the routing rule is there already",
      says: ["unable to create IPv4 routing table rule"],
      why: "without a netlink error before it, the rule for table 220 exists: another daemon, or "
        + "one that crashed, made it",
      do: "nothing: it is harmless; with an error before it, explain that one"),
    .message(
      .charon, "write-not-supported", "the kernel lacks a part of routing",
      says: ["netlink write error: Operation not supported"],
      why: "the kernel lacks routing rules or another part that charon configures; seen on Docker "
        + "Desktop's linuxkit kernel",
      do: "boot a distribution's kernel, built with IP_MULTIPLE_TABLES",
      checks: ["xfrm.netlink"]),
    .message(
      .charon, "no-xfrm-interface", "the kernel has no XFRM interfaces",
      says: [
        "failed to create XFRM interface", "Unknown device type",
        "received netlink error … (95) … XFRM interface",
      ],
      why: "xfrm_interface is not built, or not loaded by itself; some distributions came to it "
        + "late (Amazon Linux 2023 with 6.1.141-165.249, Raspberry Pi OS in 2023)",
      do: "`modprobe xfrm_interface`; where there is no such module, update the kernel"),
    .message(
      .charon, "no-traffic-selectors", "the peers agree on no traffic",
      says: ["no acceptable traffic selectors"],
      why: "what one side offers is not what the other allows; with forced encapsulation in "
        + "transport mode, strongSwan 6.0.2rc1 itself is at fault",
      do: "compare local_ts and remote_ts of both sides; leave that release candidate"),
    .message(
      .charon, "userland-esp", "ESP is done by charon instead of the kernel",
      says: [
        "failed to add SAD entry: only UDP encapsulation is supported",
        "failed to create TUN device", "TUN devices are not supported",
      ],
      why: "the plugin kernel-libipsec is loaded and comes before the kernel's IPsec; it needs "
        + "/dev/net/tun and takes ESP in UDP only",
      do: "set load = no in strongswan.d/charon/kernel-libipsec.conf; where it is wanted, provide "
        + "/dev/net/tun and force encapsulation",
      checks: ["xfrm.esp4.gcm"]),
  ]

  /// strongSwan's daemon: sockets and start.
  static let charonSockets: [KnowledgeEntry] = [
    .message(
      .charon, "no-xfrm-user", "the kernel has no XFRM netlink interface",
      says: [
        "unable to create netlink socket: Protocol not supported",
        "installing IKE bypass policy failed", "enabling UDP decapsulation for … failed",
        "unmet dependency: CUSTOM:kernel-ipsec", "critical plugin feature",
        "critical plugin features",
      ],
      why: "xfrm_user is neither built in nor loadable; the daemon then lacks its way to the "
        + "kernel's databases and gives up",
      do: "load xfrm_user (`xfrmctl check --load`); on Ubuntu for the Raspberry Pi `apt install "
        + "linux-modules-extra-raspi`; elsewhere boot a kernel with CONFIG_XFRM_USER",
      checks: ["xfrm.netlink", "mod.xfrm_user"]),
    .message(
      .charon, "no-udp-encapsulation", "the kernel does not take ESP out of UDP",
      says: ["unable to set UDP_ENCAP"],
      why: "the kernel has no ESP in UDP; for IPv6 it exists from Linux 5.8",
      do: "ignore it if only IPv6 is affected and no peer behind NAT uses it; otherwise boot a "
        + "newer kernel"),
    .message(
      .charon, "no-udp-gro", "the kernel is older than UDP_GRO",
      says: [
        "unable to set UDP_GRO", "enabling UDP decapsulation for … failed",
      ],
      why: "strongSwan from 6.0.2 insists on UDP_GRO for port 4500, which Linux has from 5.0; "
        + "without it NAT traversal does not work",
      do: "boot Linux 5.0 or newer, or stay with strongSwan 6.0.1"),
    .message(
      .charon, "merged-fragments", "IKE fragments arrived glued together",
      says: [
        "verifying encrypted fragment payload integrity failed", "could not decrypt payloads",
      ],
      why: "before Linux 6.7, UDP_GRO, which strongSwan 6.0.2 to 6.0.6 turns on, may merge two "
        + "fragments of IKE_AUTH; without fragments it is a wrong key",
      do: "boot Linux 6.7 or newer or update strongSwan; `ethtool -K DEVICE gro off` should help "
        + "meanwhile; without fragments, compare the secrets"),
    .message(
      .charon, "control-socket", "the control socket's address family is forbidden",
      says: ["charon.ctl … Address family not supported by protocol"],
      why: "the unit's RestrictAddressFamilies= leaves out AF_UNIX, as Algo's drop-in did",
      do: "add AF_UNIX to it, then `systemctl daemon-reload` and restart"),
  ]
}
