import Testing
import XFRMKit
@testable import HostReadiness

/// IPv6, privileges, and hosts on which all works.
extension CauseTests {
  // MARK: IPv6

  private var modularIPv6: [String: String?] {
    [
      "/proc/net/if_inet6": nil, "\(Sample.modules)/modules.builtin": "",
      "/boot/config-\(Sample.release)": "CONFIG_MODULES=y\nCONFIG_IPV6=m\nCONFIG_INET6_ESP=m\n",
      "\(Sample.modules)/modules.dep": """
      kernel/net/ipv6/ipv6.ko:
      kernel/net/ipv6/esp6.ko: kernel/net/ipv6/ipv6.ko

      """,
      "\(Sample.modules)/kernel/net/ipv6/ipv6.ko": "",
    ]
  }

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
