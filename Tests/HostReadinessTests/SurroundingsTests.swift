import Testing

@testable import HostReadiness

/// What explains a kernel's answers: whose it is, what it runs in, and what it is known for.
@Suite struct SurroundingsTests {
  @Test(arguments: [
    ("6.1.172", "6.1.172", true), ("6.1.171", "6.1.172", false), ("7.1.0-rc1", "7.1", true),
    ("5.15.206", "5.15.99", true), ("4.19", "4.18.99", true),
  ])
  func versionsAreOrdered(one: String, other: String, isLater: Bool) throws {
    let version = try #require(KernelVersion(release: one))
    let other = try #require(KernelVersion(release: other))
    #expect((version >= other) == isLater)
  }

  @Test(arguments: ["", "6", "rc.1", ".1", "linux-6.1"])
  func noVersionIsMadeUp(release: String) { #expect(KernelVersion(release: release) == nil) }

  /// By release, `/proc/version_signature` and `/proc/version`.
  @Test(arguments: [
    ("4.10.17", "", "", DirtyFrag.older),
    ("6.1.172", "", "", .fixed(KernelVersion(6, 1, 172))),
    ("6.1.171", "", "", .vulnerable("it is older than 6.1.172")),
    ("6.3.13", "", "", .vulnerable("the line 6.3 got no fix")),
    ("7.1.0", "", "", .fixed(KernelVersion(7, 1))),
    ("6.18.28-200.fc43.x86_64", "", "", .fixed(KernelVersion(6, 18, 28))),
    // A distribution's own fixes do not show.
    ("6.18.27-200.fc43.x86_64", "", "", .unknown),
    ("5.14.0-611.54.1.el9_7.x86_64", "", "#1 SMP Fri May 8 10:00:00 UTC 2026", .unknown),
    (
      "5.14.0-503.el9.x86_64", "", "#1 SMP Fri Mar 8 10:00:00 UTC 2024",
      .vulnerable("it was built in 2024, before the flaw was known")
    ),
    (
      "6.1.0-44-amd64", "", "#1 SMP Debian 6.1.172-1 (2026-05-10)", .fixed(KernelVersion(6, 1, 172))
    ),
    ("6.1.0-43-amd64", "", "#1 SMP Debian 6.1.170-1 (2026-05-08)", .unknown),
    ("6.8.0-1-generic", "Ubuntu 6.8.0-1.1-generic 6.8.12", "#1-Ubuntu SMP", .unknown),
    ("5.15.0-1-kvm", "Ubuntu 5.15.0-1.1-kvm 5.15.206", "", .fixed(KernelVersion(5, 15, 206))),
  ])
  func theFlawInESP(
    release: String, signature: String, version: String, verdict: DirtyFrag
  ) throws {
    var files: [String: String] = [:]
    if !signature.isEmpty { files["/proc/version_signature"] = signature }
    if !version.isEmpty { files["/proc/version"] = "Linux version \(release) \(version)" }
    let build = try KernelBuild(SyntheticRoot(files).tree, release: release)
    #expect(DirtyFrag(build) == verdict)
  }

  @Test(arguments: [
    ("4.14.32-xxxx-std-ipv6-64", "OVH's"), ("5.10.76-linuxkit", "Docker Desktop's"),
    ("4.4.105-mainline-rev1", "Scaleway's"), ("6.12.47+rpt-rpi-v8", "Raspberry Pi OS's"),
    ("5.10.63-v7l+", "Raspberry Pi OS's"), ("6.1.141-165.249.amzn2023.x86_64", "Amazon Linux's"),
    ("6.8.0-1010-raspi", "Ubuntu's for Raspberry Pi"), ("6.8.0-1010-azure", "Ubuntu's for Azure"),
    ("6.8.0-1010-gcp", "Ubuntu's for Google Cloud"),
    ("6.8.0-1010-oracle", "Ubuntu's for Oracle Cloud"),
    ("3.13.0-24-virtual", "Ubuntu's for VMs"), ("6.8.0-31-generic", nil), ("6.1.0-18-amd64", nil),
    ("6.8.0-kvmalike", nil), ("6.8.5-301.fc40.x86_64", nil),
  ])
  func kernelsAreKnownByTheirReleases(release: String, title: String?) {
    let ubuntu = Distribution("ID=ubuntu\n")
    #expect(KernelOrigin(SyntheticRoot().tree, ubuntu, release: release)?.title == title)
  }

  @Test func chromebooks() {
    let root = SyntheticRoot(["/dev/.cros_milestone": "126"])
    #expect(KernelOrigin(root.tree, nil, release: "6.6.1")?.title == "Chrome OS's")
  }

  /// What cannot be helped is named as the cause; where the kernel works, it is a warning only.
  @Test(arguments: ["openvz-6", "gvisor", "wsl-1"])
  func obstaclesAreTheCause(name: String) throws {
    var host = HostFixture(name)
    let cause = try #require(host.report["xfrm.netlink"]?.cause)
    #expect(cause.contains("node's kernel") || cause.contains("system calls itself"))
    host.kernel = SyntheticKernel.capable
    #expect(host.report.verdict == .readyWithWarnings)
  }

  @Test(arguments: [
    ("RestrictAddressFamilies=AF_INET AF_NETLINK AF_UNIX", [] as [String]),
    ("RestrictAddressFamilies=AF_INET\nRestrictAddressFamilies=AF_NETLINK AF_UNIX", []),
    ("RestrictAddressFamilies=AF_INET\nRestrictAddressFamilies=", []),
    ("RestrictAddressFamilies=~AF_PACKET", []),
    ("RestrictAddressFamilies=AF_INET AF_UNIX", ["charon needs AF_NETLINK"]),
    ("RestrictAddressFamilies=none", ["charon needs AF_NETLINK, AF_UNIX and AF_INET"]),
    ("# RestrictAddressFamilies=none", []),
    ("MemoryLimit=16777216", ["charon may not use more than 16777216 of memory"]),
    ("MemoryMax=64M", []), ("MemoryMax=infinity", []), ("ReadOnlyPaths=-/proc/net/pfkey", []),
  ])
  func sandboxes(lines: String, causes: [String]) throws {
    let root = SyntheticRoot(["/etc/systemd/system/strongswan.service": "[Service]\n\(lines)\n"])
    let unit = try #require(try UnitSandbox.all(root.tree).first)
    #expect(unit.problems(hasPFKey: false).map(\.cause) == causes)
  }

  @Test func onlyAMissingFileIsInTheWay() throws {
    let root = SyntheticRoot(
      ["/etc/systemd/system/ipsec.service.d/a.conf": "[Service]\nReadOnlyPaths=/proc/net/pfkey\n"])
    let unit = try #require(try UnitSandbox.all(root.tree).first)
    #expect(unit.problems(hasPFKey: true).isEmpty)
    #expect(unit.problems(hasPFKey: false).map(\.line.number) == [2])
  }
}
