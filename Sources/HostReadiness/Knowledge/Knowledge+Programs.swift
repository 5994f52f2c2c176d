extension KnowledgeBase {
  /// libreswan, and the starters of the time before systemd. What it passes on of the kernel's is
  /// with charon's, which hears the same.
  static let pluto: [KnowledgeEntry] = [
    .message(
      .pluto, "no-netkey", "no IPsec was found in the kernel",
      says: ["no netkey IPsec stack detected", "no known IPsec stack detected"],
      why: "the starter of strongSwan before 5.8 looks for /proc/net/pfkey, which af_key makes; "
        + "WSL1 has no such kernel at all",
      do: "load af_key or update strongSwan, which no longer looks; leave WSL1 for WSL2 or a VM",
      checks: ["mod.af_key", "xfrm.netlink"]),
    .message(
      .pluto, "no-xfrm-statistics", "no XFRM was found in the kernel",
      says: ["no XFRM kernel support detected", "missing /proc/net/xfrm_stat"],
      why:
        "the kernel has no XFRM, or merely no CONFIG_XFRM_STATISTICS, whose file libreswan takes "
        + "for the proof",
      do: "boot a kernel with XFRM and XFRM_STATISTICS; check here which of them it is",
      checks: ["xfrm.netlink", "xfrm.esp4.gcm"]),
    .message(
      .pluto, "stack-not-loaded", "the container could not load the kernel's IPsec",
      says: ["FAILURE in loading NETKEY", "FAILURE in loading XFRM"],
      why: "a container without /lib/modules cannot load modules, even where it may",
      do: "load xfrm_user, esp4 and esp6 on the container's host, or show the container "
        + "/lib/modules, read-only",
      checks: ["mod.xfrm_user", "mod.esp4", "mod.esp6"]),
    .message(
      .pluto, "nothing-to-delete", "an SA that never was cannot be removed",
      says: ["netlink response for Del SA … errno 3"],
      why: "the SA was not added in the first place; this line only tells the consequence",
      do: "explain the first error above it", checks: ["xfrm.esp4.gcm", "xfrm.esp4.cbc-sha2"]),
  ]

  /// modprobe and systemd, on the way to a running daemon.
  static let programs: [KnowledgeEntry] = [
    .message(
      .modprobe, "no-modules", "the running kernel's modules are not on disk",
      says: ["could not open moddep file", "Module … not found in directory"],
      why:
        "the kernel is the provider's or the container's host's, or was updated without a reboot, "
        + "or this module is in another package",
      do: "reboot after an update; boot the distribution's kernel; show a container the host's "
        + "/lib/modules; install the rest of the kernel's modules",
      checks: ["mod.xfrm_user", "mod.esp4", "mod.esp6"]),
    .message(
      .modprobe, "not-permitted", "modules may not be loaded",
      says: ["could not insert … Operation not permitted"],
      why:
        "the process lacks CAP_SYS_MODULE, or kernel.modules_disabled is 1: the text is the same, "
        + "`sysctl kernel.modules_disabled` tells them apart",
      do: "run it as root, on the host of a container; where loading is disabled, list the modules "
        + "in /etc/modules-load.d and reboot; the kernel may still load them by itself",
      checks: ["env.privilege", "mod.esp4", "mod.esp6"]),
    .message(
      .modprobe, "blocked", "a modprobe.d file keeps the module out",
      says: ["Error running install command", "could not insert … Invalid argument"],
      why:
        "a line such as `install esp4 /bin/false`; vendors disarm flaws in this way, the ESP flaw "
        + "CVE-2026-43284 among them",
      do:
        "find out who wants it: `xfrmctl check` names the file and line; remove it once the kernel "
        + "is patched",
      checks: ["mod.esp4", "mod.esp6"]),
    .message(
      .modprobe, "signature", "the kernel rejects the module file",
      says: [
        "could not insert … Key was rejected by service",
        "could not insert … Required key not available",
        "could not insert … Exec format error",
      ],
      why:
        "under Secure Boot or lockdown only modules with the right signature are taken, and never "
        + "one of another build",
      do: "install the module that the running kernel's package brings",
      checks: ["mod.esp4", "mod.esp6"]),
    .message(
      .systemd, "pfkey-path", "the unit's sandbox needs a file of af_key",
      says: [
        "Failed to set up mount namespacing … pfkey", "status=226/NAMESPACE",
      ],
      why: "systemd could not set up the unit's sandbox; if a line before names /proc/net/pfkey, a "
        + "drop-in such as Algo's lists it, and it exists only while af_key is loaded",
      do: "`modprobe af_key` and list it in /etc/modules-load.d, or put a - before the path",
      checks: ["mod.af_key"]),
  ]
}
