import Testing
import XFRMKit

@testable import HostReadiness

/// Which words and commands follow from what a host is like.
@Suite struct CauseTests {
  func check(
    _ id: CheckID, _ kernel: ProbeResults, _ changes: [String: String?] = [:],
    _ profile: Profile = .bothFamilies
  ) throws -> Check {
    try #require(report(Sample.host(changes), kernel, profile)[id])
  }

  func expectNotReady(_ kernel: ProbeResults, _ changes: [String: String?]) {
    #expect(report(Sample.host(changes), kernel, .bothFamilies).verdict == .notReady)
  }

  // MARK: Built without

  let bareKernel: [String: String?] = [
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
  func withGCM(blocking module: String) -> [String: String?] {
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
}
