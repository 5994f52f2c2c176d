extension KnowledgeBase {
  /// What every check of the catalogue is about.
  static let checks: [KnowledgeEntry] =
    [privilege, netlink] + ESPVariant.all.map(esp) + KernelModule.all.map(module)

  private static let privilege = KnowledgeEntry.check(
    .privilege,
    "makes a private network namespace and asks the kernel in it, which takes CAP_SYS_ADMIN and "
      + "CAP_NET_ADMIN or a user namespace",
    why: "without them nothing can be tried out: the host is not found unfit, but undecided",
    do: "run the check as root, or allow unprivileged user namespaces")

  private static let netlink = KnowledgeEntry.check(
    .netlink, "opens a NETLINK_XFRM socket and counts SAs and policies",
    why: "without xfrm_user no IKE daemon can reach the kernel's databases, and charon does not "
      + "even start",
    do: "load xfrm_user, or boot a kernel with CONFIG_XFRM_USER", see: ["mod.xfrm_user"])

  private static func esp(_ variant: ESPVariant) -> KnowledgeEntry {
    let module = variant.module.name
    return .check(
      .esp(variant),
      "adds an ESP SA over \(variant.family) with \(variant.title), reads it back and deletes it, in "
        + "a private network namespace",
      why:
        "nothing but such an SA proves that the kernel can: policies, SPIs and sockets are granted "
        + "without \(module), too; either \(module) or an algorithm is missing",
      do: "`xfrmctl check --load`; what is blocked or missing is named by the check",
      see: [CheckDefinition.netlink.id, CheckDefinition.module(variant.module).id])
  }

  private static func module(_ module: KernelModule) -> KnowledgeEntry {
    .check(
      .module(module), "looks for \(module.name) (CONFIG_\(module.option)) in the running kernel",
      why: (purposes[module].map { "\($0); " } ?? "")
        + "it is built in, loaded, on disk, blocked by modprobe.d, or missing",
      do: "`modprobe \(module.name)`; where that fails, the check names what stands in the way")
  }

  /// What goes wrong without each module.
  private static let purposes: [KernelModule: String] = [
    .xfrmUser: "without it programs cannot talk to the kernel's IPsec",
    .ipv6: "without it there is no IPv6, and the kernel does not even look for esp6",
    .esp4: "without it there is no ESP over IPv4",
    .esp6: "without it there is no ESP over IPv6",
    .afKey: "few programs still use it, but units such as Algo's name /proc/net/pfkey, and do not "
      + "start without",
  ]
}
