import Testing
import XFRMKit

@testable import HostReadiness

/// Which words and commands follow from what a host is like.
@Suite struct CauseTests {
  private func check(
    _ id: CheckID, _ kernel: ProbeResults, _ changes: [String: String?] = [:],
    _ profile: Profile = .bothFamilies
  ) throws -> Check {
    try #require(report(Sample.host(changes), kernel, profile)[id])
  }

  private func expectNotReady(_ kernel: ProbeResults, _ changes: [String: String?]) {
    #expect(report(Sample.host(changes), kernel, .bothFamilies).verdict == .notReady)
  }

  // MARK: Built without

  private let bareKernel: [String: String?] = [
    "/lib/modules/": nil, "/proc/modules": nil,
    "/boot/config-\(Sample.release)": """
    CONFIG_XFRM_USER=y
    CONFIG_IPV6=y
    CONFIG_CRYPTO_AES=y
    # CONFIG_MODULES is not set
    # CONFIG_INET_ESP is not set

    """,
  ]

  @Test func noESPAndNoModules() throws {
    let check = try check("xfrm.esp4", SyntheticKernel.withoutESP(), bareKernel)
    #expect(check.outcome == .failed)
    #expect(check.summary == "kernel has no ESP for IPv4")
    #expect(
      check.cause
        == "CONFIG_INET_ESP is not set; CONFIG_MODULES is not set, so it cannot be loaded")
    #expect(check.evidence.first?.errno == "EPROTONOSUPPORT")
    #expect(check.evidence.first?.kernelWords == "Requested type not found")
    #expect(check.remedies.count == 1)
    #expect(check.remedies.first?.text.hasPrefix("boot a kernel with CONFIG_INET_ESP,") == true)
    #expect(check.remedies.first?.command == nil)
    expectNotReady(SyntheticKernel.withoutESP(), bareKernel)
  }

  @Test func noAlgorithmAndNoESPEither() throws {
    let check = try check("xfrm.esp4.gcm", SyntheticKernel.withoutGCM, bareKernel)
    #expect(check.summary == "kernel lacks rfc4106(gcm(aes))")
    #expect(
      check.cause
        == "CONFIG_CRYPTO_GCM is not set; CONFIG_INET_ESP is not set; CONFIG_MODULES is not set, "
        + "so they cannot be loaded")
  }

  @Test func notBuiltButModular() throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(),
      [
        "/boot/config-\(Sample.release)": "CONFIG_MODULES=y\nCONFIG_IPV6=y\n",
        "\(Sample.modules)/modules.dep": "a.ko:\n",
      ])
    #expect(check.cause == "CONFIG_INET_ESP is not set")
    #expect(check.remedies.first?.command?.hasPrefix("apt install linux-image-") == true)
  }

  // MARK: Parts of algorithms

  /// Knows GCM and has all on disk, but not everything may be loaded.
  private func withGCM(blocking module: String) -> [String: String?] {
    [
      "/proc/modules": "gcm 1 0 - Live 0x0\nctr 1 0 - Live 0x0\naes_generic 1 0 - Live 0x0\n",
      "\(Sample.modules)/modules.dep": "kernel/crypto/ghash-generic.ko:\nkernel/crypto/seqiv.ko:\n",
      "\(Sample.modules)/kernel/crypto/ghash-generic.ko": "",
      "\(Sample.modules)/kernel/crypto/seqiv.ko": "",
      "/etc/modprobe.d/a.conf": "install \(module) /bin/false\n",
    ]
  }

  @Test func aPartThatTheNameDoesNotSayIsFound() throws {
    let changes = withGCM(blocking: "ghash_generic")
    let check = try check("xfrm.esp4.gcm", SyntheticKernel.withoutGCM, changes)
    #expect(check.summary == "kernel lacks rfc4106(gcm(aes))")
    #expect(check.cause?.hasPrefix("ghash_generic is kept from being loaded: ") == true)
  }

  @Test func whatComposesAlgorithmsIsFound() throws {
    let kernel = SyntheticKernel.answering { kind, _ in
      .refused(
        kind.refusal(
          .noSuchFile, "Kernel was unable to initialize cryptographic operations"))
    }
    let check = try check("xfrm.esp4.gcm", kernel, withGCM(blocking: "seqiv"))
    #expect(check.summary == "a part of the algorithms is missing")
    #expect(check.cause?.hasPrefix("seqiv is kept from being loaded: ") == true)
  }

  // MARK: On disk

  @Test func onDiskButNotLoaded() throws {
    let check = try check("xfrm.esp4.gcm", SyntheticKernel.withoutESP())
    #expect(check.summary == "esp4 is not loaded")
    #expect(check.cause == "esp4 is on disk but not loaded")
    #expect(check.remedies.map(\.text) == ["load esp4"])
    #expect(check.remedies.map(\.command) == ["modprobe esp4"])
    expectNotReady(SyntheticKernel.withoutESP(), [:])
  }

  @Test func theKernelHasNothingToLoadItWith() throws {
    let check = try check("xfrm.esp4.gcm", SyntheticKernel.withoutESP(), ["/sbin/modprobe": nil])
    #expect(
      check.cause == "esp4 is on disk but not loaded; the kernel would have /sbin/modprobe load "
        + "it, which does not exist")
    #expect(check.remedies.first == Remedy("install kmod", command: "apt install kmod"))
  }

  @Test func theKernelIsNotToLoadAnything() throws {
    let off = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(), ["/proc/sys/kernel/modprobe": "\n"])
    #expect(off.cause?.hasSuffix("as kernel.modprobe is empty") == true)
    #expect(
      off.remedies.map(\.command) == ["modprobe esp4", "sysctl kernel.modprobe=/sbin/modprobe"])
    let locked = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(), ["/proc/sys/kernel/modules_disabled": "1\n"])
    #expect(locked.cause?.contains("kernel.modules_disabled is 1") == true)
    #expect(locked.remedies.first?.command == nil)
  }

  @Test func blockedByInstall() throws {
    let changes: [String: String?] = [
      "/etc/modprobe.d/vendor.conf": "# CVE\ninstall esp4 /bin/false\n"
    ]
    let check = try check("xfrm.esp4.gcm", SyntheticKernel.withoutESP(), changes)
    #expect(check.summary == "esp4 is blocked")
    #expect(
      check.cause == "esp4 is kept from being loaded: /etc/modprobe.d/vendor.conf:2 says "
        + "“install esp4 /bin/false”")
    // Nobody is told to get round it.
    #expect(check.remedies.first?.command == nil)
    #expect(check.remedies.first?.text.contains("find out who wants that and why") == true)
    #expect(try self.check("mod.esp4", SyntheticKernel.withoutESP(), changes).outcome == .warning)
    expectNotReady(SyntheticKernel.withoutESP(), changes)
  }

  @Test func blacklisted() throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(),
      ["/usr/lib/modprobe.d/b.conf": "blacklist esp4\n"])
    #expect(
      check.cause == "the kernel may not load esp4 by itself: /usr/lib/modprobe.d/b.conf:1 says "
        + "“blacklist esp4”")
  }

  @Test func whatCannotBeReadMayBlock() throws {
    let changes: [String: String?] = [
      "/etc/modprobe.d/secret.conf/": "", "/etc/modprobe.d/b.conf": "install esp6 /bin/false\n",
    ]
    let report = report(Sample.host(changes), SyntheticKernel.withoutESP())
    #expect(report.unreadable.map(\.path) == ["/etc/modprobe.d/secret.conf"])
    #expect(
      report["xfrm.esp4.gcm"]?.cause == "esp4 is on disk but not loaded; "
        + "/etc/modprobe.d/secret.conf, which may block it, could not be read")
    #expect(report["mod.esp4"]?.summary == "on disk, not loaded, perhaps blocked")
    #expect(report.modules.first { $0.module == .esp4 }?.state.name == "on-disk")
    // The rest of the files count as ever.
    #expect(report["mod.esp6"]?.summary == "blocked")
    // Nobody has asked for it, so only this is not known.
    let unasked = HostReadinessTests.report(Sample.host(changes), ProbeResults())
    #expect(unasked["mod.esp4"]?.status == .unknown)
    #expect(unasked["mod.esp4"]?.cause?.hasSuffix("could not be read") == true)
  }

  @Test func loadedBeforeItWasBlocked() throws {
    let root = Sample.host([
      "/etc/modprobe.d/vendor.conf": "install esp4 /bin/false\n",
      "/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n",
    ])
    let report = report(root, SyntheticKernel.capable)
    #expect(report.verdict == .readyWithWarnings)
    #expect(report["mod.esp4"]?.summary == "loaded, but blocked from now on")
    #expect(report["xfrm.esp4.gcm"]?.outcome == .passed)
  }

  // MARK: Not on disk

  @Test func noDirectoryOfModules() throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(), ["/lib/modules/": nil])
    #expect(
      check.cause == "/lib/modules/\(Sample.release) does not exist; this kernel was built with "
        + "CONFIG_INET_ESP=m")
    #expect(check.remedies.first?.command == "apt install linux-image-\(Sample.release)")
  }

  @Test func noDirectoryInAContainer() throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(), ["/lib/modules/": nil, "/.dockerenv": ""])
    #expect(check.remedies.first?.text.hasPrefix("load esp4 on the host of this docker") == true)
    #expect(check.remedies.first?.command == nil)
  }

  @Test func theKernelWasReplaced() throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(),
      ["\(Sample.modules)/": nil, "/lib/modules/6.1.0-20-amd64/modules.dep": ""])
    #expect(check.remedies.first?.command == "reboot")
    #expect(check.remedies.first?.text.contains("6.1.0-20-amd64") == true)
  }

  @Test(arguments: [
    ("ID=debian", "apt install --reinstall linux-image-\(Sample.release)"),
    ("ID=ubuntu\nID_LIKE=debian", "apt install linux-modules-extra-\(Sample.release)"),
    (
      "ID=linuxmint\nID_LIKE=\"ubuntu debian\"", "apt install linux-modules-extra-\(Sample.release)"
    ),
    ("ID=almalinux", "dnf install kernel-modules-extra-\(Sample.release)"),
    ("ID=alpine", "apk fix linux-lts"),
    ("ID=mystery", nil),
  ])
  func oneFileMissing(distribution: String, command: String?) throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(),
      ["\(Sample.modules)/kernel/net/ipv4/esp4.ko": nil, "/etc/os-release": distribution])
    #expect(
      check.cause == "no esp4 below \(Sample.modules); this kernel was built with CONFIG_INET_ESP=m"
    )
    #expect(check.remedies.count == 1)
    #expect(check.remedies.first?.command == command)
  }

  /// `linux-image-6.1.176` is no package, and to install it no remedy.
  @Test(arguments: ["6.1.176": nil, "6.1.0-44-amd64": "linux-image-6.1.0-44-amd64"])
  func packagesOfKernels(release: String, package: String?) {
    let host = HostFacts(
      hostname: "h", kernelRelease: release, architecture: "x86_64",
      distribution: Distribution("ID=debian"))
    #expect(host.installingModules.command == package.map { "apt install \($0)" })
    #expect(host.reinstallingModules.command == package.map { "apt install --reinstall \($0)" })
  }

  @Test func noIndex() throws {
    let check = try check(
      "xfrm.esp4.gcm", SyntheticKernel.withoutESP(), ["\(Sample.modules)/modules.dep": nil])
    #expect(check.cause == "\(Sample.modules)/modules.dep does not exist")
    #expect(check.remedies.first?.command == "depmod \(Sample.release)")
  }

  @Test func theFilesHaveNothingAgainstIt() throws {
    let check = try check(
      "xfrm.esp4", SyntheticKernel.withoutESP(), ["/proc/modules": "esp4 1 0\n"])
    #expect(check.outcome == .failed)
    #expect(check.cause == "no esp4 in this kernel")
  }

  // MARK: IPv6

  private let modularIPv6: [String: String?] = [
    "/proc/net/if_inet6": nil, "\(Sample.modules)/modules.builtin": "",
    "/boot/config-\(Sample.release)": "CONFIG_MODULES=y\nCONFIG_IPV6=m\nCONFIG_INET6_ESP=m\n",
    "\(Sample.modules)/modules.dep": """
    kernel/net/ipv6/ipv6.ko:
    kernel/net/ipv6/esp6.ko: kernel/net/ipv6/ipv6.ko

    """,
    "\(Sample.modules)/kernel/net/ipv6/ipv6.ko": "",
  ]

  @Test func ipv6NotLoadedYet() throws {
    let kernel = SyntheticKernel.withoutESP(.ipv6)
    let check = try check("xfrm.esp6.gcm", kernel, modularIPv6)
    #expect(check.outcome == .failed)
    #expect(check.summary == "ipv6 is not loaded")
    #expect(check.cause?.hasPrefix("without the module ipv6, which is on disk but not") == true)
    #expect(check.remedies == [Remedy(.load, [.ipv6])])
    expectNotReady(kernel, modularIPv6)
  }

  @Test func ipv6TurnedOff() {
    let changes: [String: String?] = [
      "/proc/net/if_inet6": nil, "/sys/module/ipv6/parameters/disable": "1\n",
      "/proc/modules": "xfrm_user 1 0\nesp4 1 0\n",
    ]
    let report = report(
      Sample.host(changes), SyntheticKernel.withoutESP(.ipv6), .bothFamilies)
    #expect(report.verdict == .readyWithWarnings)
    #expect(report["xfrm.esp6.gcm"]?.status == .absent)
    #expect(report["xfrm.esp6.gcm"]?.outcome == .warning)
    #expect(report["xfrm.esp6.gcm"]?.cause == "IPv6 is turned off: ipv6.disable=1")
    // One warning about it is enough for each kind of ESP.
    #expect(report["mod.esp6"]?.outcome == .absent)
  }

  @Test func ipv6NotInTheKernel() {
    var changes = modularIPv6
    changes["/boot/config-\(Sample.release)"] = "CONFIG_MODULES=y\nCONFIG_INET_ESP=m\n"
    changes["\(Sample.modules)/modules.dep"] = ""
    changes["/proc/modules"] = "xfrm_user 1 0\nesp4 1 0\n"
    let report = report(
      Sample.host(changes), SyntheticKernel.withoutESP(.ipv6), .bothFamilies)
    #expect(report.verdict == .readyWithWarnings)
    #expect(report["xfrm.esp6.cbc-sha2"]?.cause == "CONFIG_IPV6 is not set")
  }

  @Test func esp6MissingIsAFailureWhereThereIsIPv6() throws {
    let kernel = SyntheticKernel.withoutESP(.ipv6)
    #expect(try check("xfrm.esp6.gcm", kernel).cause == "esp6 is on disk but not loaded")
    expectNotReady(kernel, [:])
  }

  // MARK: The interface and privileges

  @Test func noInterface() throws {
    let report = report(Sample.host(), SyntheticKernel.withoutInterface)
    #expect(report.verdict == .notReady)
    #expect(report["xfrm.netlink"]?.summary == "xfrm_user is not loaded")
    #expect(report["xfrm.netlink"]?.remedies.first?.command == "modprobe xfrm_user")
    #expect(report["xfrm.netlink"]?.evidence.first?.errno == "EPROTONOSUPPORT")
    for id in CheckID.esp where !id.rawValue.hasSuffix(".cbc-sha2") {
      #expect(report[id]?.status == .unknown)
      #expect(report[id]?.cause == "needs xfrm.netlink, which failed")
    }
  }

  @Test func noPrivileges() throws {
    let root = Sample.host(["/proc/self/status": "CapEff:\t0000000000000000\n"])
    let report = report(root, SyntheticKernel.aloof)
    #expect(report.verdict == .unknown)
    #expect(report["env.privilege"]?.summary == "lacks CAP_NET_ADMIN and CAP_SYS_ADMIN")
    let check = try #require(report["xfrm.esp4.gcm"])
    #expect(check.status == .unknown)
    #expect(
      check.cause
        == "probing takes CAP_NET_ADMIN and CAP_SYS_ADMIN, which this process does not have")
    #expect(check.evidence.first?.errno == "EPERM")
    // It opened, so it is there: only what it says is not known.
    #expect(report["xfrm.netlink"]?.status == .unknown)
    #expect(report["mod.xfrm_user"]?.status == .pass)
  }

  @Test func namesTheOneCapabilityThatIsMissing() throws {
    let netAdminOnly = ["/proc/self/status": "CapEff:\t0000000000001000\n"]
    let check = try check("xfrm.esp4.gcm", SyntheticKernel.aloof, netAdminOnly)
    #expect(check.cause == "probing takes CAP_SYS_ADMIN, which this process does not have")
    // To be root is not enough, as it is for those who have no capability.
    #expect(check.remedies.map(\.text) == ["run the check as root, with all its capabilities"])
    let none = try self.check(
      "xfrm.esp4.gcm", SyntheticKernel.aloof,
      ["/proc/self/status": "CapEff:\t0000000000000000\n"])
    #expect(none.remedies.map(\.text) == ["run the check as root"])
  }

  @Test func withAllCapabilitiesSomethingElseForbids() throws {
    let check = try check("env.privilege", SyntheticKernel.aloof)
    #expect(check.outcome == .warning)
    #expect(check.cause?.contains("seccomp") == true)
  }

  @Test func ownNamespaceIsGoodEnough() {
    var kernel = SyntheticKernel.capable
    kernel.interface = SyntheticKernel.aloof.interface
    let report = report(Sample.host(), kernel)
    #expect(report["xfrm.netlink"]?.outcome == .passed)
    #expect(report["env.privilege"]?.outcome == .passed)
  }

  @Test func withoutProbesNothingIsReady() {
    let report = report(Sample.host(), ProbeResults())
    #expect(report.verdict == .unknown)
    #expect(report["xfrm.esp4.gcm"]?.summary == "not asked")
  }

  // MARK: What works

  @Test func ready() {
    let root = Sample.host(["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"])
    let report = report(root, SyntheticKernel.capable)
    #expect(report.verdict == .ready)
    // Not loaded, but nobody needs it.
    #expect(report["mod.af_key"]?.outcome == .absent)
    #expect(report["xfrm.esp4.gcm"]?.summary == "works (esp4 loaded)")
  }

  @Test func theProbeKnowsBetterThanFiles() {
    let report = report(Sample.host(["/": nil]), SyntheticKernel.capable)
    #expect(report["mod.esp4"]?.status == .pass)
    #expect(report["xfrm.esp4.gcm"]?.summary == "works")
    #expect(report.verdict == .ready)
  }

  @Test func anotherSAThanAskedForIsAFailure() throws {
    let kernel = SyntheticKernel.answering { kind, _ in
      .different(request: "read back \(kind.sample.id)", difference: "another hash")
    }
    let check = try check("xfrm.esp4", kernel)
    #expect(check.outcome == .failed)
    #expect(check.cause == "the kernel accepted the SA and has it with another hash")
  }

  @Test func whatTheProbesLoadedIsASideEffect() {
    let root = Sample.host()
    let findings = Findings(root.options) {
      root.write("/proc/modules", "overlay 1 0\nesp4 1 0\nxfrm_algo 1 1 esp4,\n")
      return SyntheticKernel.capable
    }
    let report = ReadinessReport(findings)
    #expect(report.sideEffects.modulesLoaded == ["esp4", "xfrm_algo"])
    #expect(report["xfrm.esp4.gcm"]?.summary == "works (esp4 loaded just now)")
    #expect(report["mod.esp4"]?.summary == "loaded just now")
  }

  @Test func unreadableFilesAreNamed() {
    let root = Sample.host(["/proc/modules": nil])
    root.write("/proc/modules/", "")
    #expect(
      report(root, SyntheticKernel.capable).unreadable.contains { $0.path == "/proc/modules" })
  }
}
