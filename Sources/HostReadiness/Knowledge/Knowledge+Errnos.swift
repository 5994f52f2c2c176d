internal import Glibc
internal import Netlink

extension KnowledgeBase {
  /// The numbers that XFRM's refusals come with, whoever passes them on.
  static let errnos: [KnowledgeEntry] = [
    .errno(
      .notPermitted,
      why: "the caller lacks CAP_NET_ADMIN in the user namespace that owns the network namespace",
      do: "run it as root; give a container --cap-add NET_ADMIN", checks: ["env.privilege"]),
    .errno(
      .noSuchFile,
      why: "of a policy: there is none; of an SPI: none of the range is free; of a new SA: a part "
        + "that its algorithm is composed of is missing",
      do: "list what there is (`xfrmctl policy`); for a new SA, install the rest of the kernel's "
        + "modules",
      checks: CheckID.esp),
    .errno(
      .noSuchProcess,
      why: "there is no such SA: another SPI, destination, protocol or mark, or it has expired",
      do: "list what there is: `xfrmctl state`"),
    .errno(
      .noMemory,
      why: "the kernel has no memory for it, or its cipher driver says so",
      do: "look for an allocation failure in `dmesg`"),
    .errno(
      .accessDenied,
      why: "a security module (SELinux, AppArmor) or the file's mode forbids it",
      do: "look for the denial in the audit log", checks: ["env.privilege"]),
    .errno(
      .busy,
      why: "the object is in use, or a listing was overtaken by changes",
      do: "try again; a daemon that works on many SAs at once should retry by itself"),
    .errno(
      .fileExists,
      why:
        "there is one with the same key already: of an SA its destination, SPI, protocol and mark, "
        + "of a policy its selector, direction, mark and interface",
      do: "update it instead of adding it, or remove what is left over"),
    .errno(
      .invalidArgument,
      why: "a rule of the kernel is broken; from Linux 6.1 on it mostly says which",
      do: "read the kernel's words, if there are any; `xfrmctl state add` and `xfrmctl policy add` "
        + "name the rule"),
    .errno(
      .outOfRange,
      why: "an attribute is shorter than the kernel expects, or its value impossible",
      do: "compare the program's idea of the message with the kernel's"),
    .errno(
      .noSpace,
      why: "a limit is reached; of namespaces that is user.max_net_namespaces",
      do: "raise the limit, or end what holds so many"),
    .errno(
      SystemErrno(ENODEV),
      why: "there is no network device of that name or number: an SA's for offload, an interface's",
      do: "list them: `ip link`"),
    .errno(
      .notImplemented,
      why: "the kernel knows no algorithm of that name",
      do: "load its module or ask for another algorithm", checks: CheckID.esp),
    .errno(
      .noProtocolOption,
      why: "the kernel lacks a part of XFRM: migration (CONFIG_XFRM_MIGRATE), or a socket option",
      do: "boot a kernel built with it"),
    .errno(
      .protocolNotSupported,
      why: "of a socket: xfrm_user is missing; of an SA: its protocol (esp4, esp6, ah4, …) or its "
        + "encapsulation",
      do: "load the module: `xfrmctl check --load`",
      checks: ["xfrm.netlink", "xfrm.esp4.gcm", "xfrm.esp6.gcm", "mod.esp4", "mod.esp6"]),
    .errno(
      .operationNotSupported,
      why: "the kernel was built without it: routing rules, XFRM interfaces, an option of a socket",
      do: "load the module (xfrm_interface) or boot a kernel built with the option"),
    .errno(
      .addressFamilyNotSupported,
      why: "IPv6 is off or not loaded, PF_KEY (af_key) is missing, or a sandbox forbids the family",
      do: "load ipv6 or af_key; look for RestrictAddressFamilies= in the unit",
      checks: ["mod.ipv6", "mod.af_key"]),
    .errno(
      SystemErrno(EADDRINUSE),
      why: "somebody else has the port: mostly a second IKE daemon on UDP 500 or 4500",
      do: "find it with `ss -ulpn` and stop one of the two"),
    .errno(
      .networkUnreachable,
      why: "there is no route to where the packet is to go, such as the tunnel's other end",
      do: "look it up: `ip route get ADDRESS`"),
    .errno(
      .noBufferSpace,
      why:
        "announcements came faster than the listener read them, and some were lost; or a netlink "
        + "socket has too small a buffer",
      do: "list everything anew; give the socket a larger buffer (net.core.rmem_max)"),
    .errno(
      SystemErrno(EMSGSIZE),
      why: "a message or attribute is longer than may be, or a packet than the path takes once ESP "
        + "is around it",
      do: "lower the MTU or clamp the TCP segment size; split a large batch"),
    .errno(
      .timedOut,
      why:
        "no answer came in time: of the kernel's when it waits for a key, of the peer's when IKE "
        + "packets are filtered",
      do: "let UDP 500 and 4500 and ESP through"),
    .errno(
      SystemErrno(ENOKEY),
      why: "a module is not signed, and this kernel insists on that",
      do: "install the module that the running kernel's package brings", checks: ["mod.esp4"]),
    .errno(
      SystemErrno(EKEYREJECTED),
      why: "a module is signed with a key that this kernel does not trust",
      do: "install the module that the running kernel's package brings", checks: ["mod.esp4"]),
  ]
}
