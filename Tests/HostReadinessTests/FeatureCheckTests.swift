import Testing
import XFRMKit

@testable import HostReadiness

/// What is made of a kernel that has, or lacks, one thing.
@Suite struct FeatureCheckTests {
  private let capable = SyntheticKernel.capable

  private func check(
    _ id: CheckID, _ kernel: ProbeResults = SyntheticKernel.capable,
    _ profile: Profile = .everything, _ changes: [String: String?] = [:]
  ) throws -> Check {
    try #require(report(Sample.host(changes), kernel, profile)[id])
  }

  private func refusing(
    _ id: CheckID, _ errno: SystemErrno, _ words: String?
  ) throws -> ProbeResults {
    let kind = try #require(CheckDefinition.kind(id))
    return capable.with(id, .refused(kind.refusal(errno, words)))
  }

  // MARK: Present, absent, failed

  @Test func whatNobodyNeedsIsAbsentAndWhatSomebodyNeedsFails() throws {
    let words = "Unsupported encapsulation type for ESP"
    let kernel = try refusing("xfrm.natt.v4", .invalidArgument, words)
    let idle = try check("xfrm.natt.v4", kernel)
    #expect(idle.status == .absent && idle.outcome == .absent)
    #expect(idle.summary == "kernel has no ESP-in-UDP over IPv4")
    let needed = try check("xfrm.natt.v4", kernel, Profile(.strongswan))
    #expect(needed.status == .fail && needed.outcome == .failed)
    #expect(try check("xfrm.natt.v4").status == .pass)
  }

  @Test func whatAnOldKernelIgnoresIsNotThere() throws {
    let kernel = capable.with(
      "xfrm.sadir", .different(request: "read back", difference: "no direction"))
    let check = try check("xfrm.sadir", kernel)
    #expect(check.status == .absent)
    #expect(check.summary == "kernel ignores it")
    #expect(
      check.cause == "the kernel accepted the SA and has it with no direction; such SAs came with "
        + "Linux 6.10")
    #expect(
      check.remedies.map(\.text) == ["boot Linux 6.10 or a later kernel, if it is needed"])
    #expect(try self.check("xfrm.sadir").status == .pass)
  }

  @Test func whatCannotBeAskedIsUnknown() throws {
    for id in ["xfrm.natt.v4", "xfrm.default", "udp.gro", "xfrm.interface"] as [CheckID] {
      let check = try check(id, capable.with(id, .refused(XFRMError("x", .timedOut))))
      #expect(check.status == .unknown, "\(id)")
      #expect(check.cause != nil, "\(id)")
    }
  }

  @Test func aModeThatIsMissingIsNamed() throws {
    let kernel = try refusing("xfrm.iptfs", .invalidArgument, "Unsupported mode")
    let check = try check("xfrm.iptfs", kernel)
    #expect(check.summary == "kernel has no IP-TFS mode")
    #expect(check.status == .absent)
  }

  @Test func noESPIsWhyNothingElseWorks() throws {
    let check = try check(
      "xfrm.mark", SyntheticKernel.withoutESP(), .everything,
      ["/etc/modprobe.d/a.conf": "install esp4 /bin/false\n"])
    #expect(check.summary == "esp4 is blocked")
    #expect(check.cause?.hasPrefix("esp4 is kept from being loaded") == true)
  }

  @Test func extendedSequenceNumbersHaveATemplateOfTheirOwn() throws {
    let kind = try #require(CheckDefinition.kind("xfrm.esn"))
    let names = "hmac(sha256) with cbc(aes)"
    #expect(kind.parts(of: names).map(\.name).contains("authencesn"))
    let plain = try #require(CheckDefinition.kind("xfrm.mark"))
    #expect(plain.parts(of: names).map(\.name).contains("authenc"))
    #expect(!plain.parts(of: names).map(\.name).contains("authencesn"))
  }

  @Test func ipCompTunnelsTakeAModuleMore() throws {
    let words = "Kernel error: failed to initialize the associated state"
    let kernel = try refusing("xfrm.tunnel4", .invalidArgument, words)
    let check = try check(
      "xfrm.tunnel4", kernel, Profile(.strongswan),
      [
        "/proc/modules": "ipcomp 1 0\n",
        "\(Sample.modules)/modules.dep": "kernel/net/ipv4/xfrm4_tunnel.ko:\n",
        "\(Sample.modules)/kernel/net/ipv4/xfrm4_tunnel.ko": "",
      ])
    #expect(check.outcome == .warning)
    #expect(check.cause == "xfrm4_tunnel is on disk but not loaded")
    #expect(check.remedies.map(\.command) == ["modprobe xfrm4_tunnel"])
  }

  // MARK: Proposals

  @Test func oneProposalOfAProfileIsEnough() throws {
    let report = report(Sample.host(), SyntheticKernel.withoutGCM)
    #expect(report["xfrm.esp4"]?.outcome == .passed)
    #expect(report["xfrm.esp4.gcm"]?.outcome == .warning)
    #expect(report.verdict == .readyWithWarnings)
    // Where it is the only one, it is needed.
    let algo = HostReadinessTests.report(
      Sample.host(["/proc/net/pfkey": ""]), SyntheticKernel.withoutGCM, Profile(.algo))
    #expect(algo["xfrm.esp4.gcm"]?.outcome == .failed)
    #expect(algo.verdict == .notReady)
  }

  @Test func whatAProfileProposesByItselfIsRequired() throws {
    var profile = Profile(.minimal)
    let proposal = try #require(ESPProposal(named: "chacha20poly1305"))
    profile.proposals.append(proposal)
    let id: CheckID = "xfrm.esp4.chacha20poly1305"
    let works = SyntheticKernel.answering(profile) { kind, _ in .works("add \(kind.sample.id)") }
    #expect(report(Sample.host(), works, profile)[id]?.outcome == .passed)
    #expect(report(Sample.host(), works, Profile(.minimal))[id] == nil)

    let kind = SAKind.esp(.ipv4, [proposal])
    let lacks = works.with(
      id, .refused(kind.refusal(.notImplemented, "Requested AEAD algorithm not found")))
    let report = report(Sample.host(), lacks, profile)
    #expect(report[id]?.outcome == .failed)
    #expect(report[id]?.summary == "kernel lacks ChaCha20-Poly1305")
    #expect(report.verdict == .notReady)
  }

  // MARK: IPv6

  private let ipv6Off: [String: String?] = [
    "/proc/net/if_inet6": nil, "/sys/module/ipv6/parameters/disable": "1\n",
  ]

  @Test func policiesForIPv6AreNoUseWithoutIPv6() throws {
    for id in ["xfrm.policy.v6", "xfrm.v6in4"] as [CheckID] {
      let off = try check(id, capable, Profile(.algo), ipv6Off)
      #expect(off.status == .absent && off.outcome == .warning, "\(id)")
      #expect(off.cause == "IPv6 is turned off: ipv6.disable=1", "\(id)")
      #expect(try check(id, capable, Profile(.algo)).outcome == .passed, "\(id)")
    }
  }

  @Test func socketsDoNotLoadIPv6() throws {
    for id in ["xfrm.sockpolicy.v6", "udp.encap.v6"] as [CheckID] {
      let kernel = capable.with(id, .notRun(.mightLoadModules))
      let check = try check(
        id, kernel, Profile(.strongswan),
        [
          "/proc/net/if_inet6": nil, "\(Sample.modules)/modules.builtin": "",
          "/boot/config-\(Sample.release)": "CONFIG_MODULES=y\nCONFIG_IPV6=m\n",
          "\(Sample.modules)/modules.dep": "kernel/net/ipv6/ipv6.ko:\n",
          "\(Sample.modules)/kernel/net/ipv6/ipv6.ko": "",
        ])
      // Daemons do: the host is not unfit.
      #expect(check.status == .unknown && check.severity == .recommended, "\(id)")
      #expect(check.remedies.map(\.command) == ["modprobe ipv6"], "\(id)")
      let off = try self.check(id, kernel, Profile(.strongswan), ipv6Off)
      #expect(off.status == .absent && off.outcome == .warning, "\(id)")
    }
  }

  // MARK: Interfaces

  @Test func interfacesThatWouldStayAreNotMadeToAsk() throws {
    let kernel = capable.with("xfrm.vti4", .notRun(.mightLoadModules))
    let onDisk: [String: String?] = [
      "\(Sample.modules)/modules.dep": "kernel/net/ipv4/ip_vti.ko:\n",
      "\(Sample.modules)/kernel/net/ipv4/ip_vti.ko": "",
    ]
    let check = try check("xfrm.vti4", kernel, .everything, onDisk)
    #expect(check.status == .absent)
    #expect(check.summary == "ip_vti is not loaded")
    #expect(check.cause?.hasPrefix("ip_vti gives every network namespace an interface") == true)
    let builtIn = try self.check(
      "xfrm.vti4", kernel, .everything,
      ["\(Sample.modules)/modules.builtin": "kernel/net/ipv4/ip_vti.ko\n"])
    #expect(builtIn.status == .unknown)
    #expect(try self.check("xfrm.vti4").status == .pass)
  }

  @Test func aKernelWithoutXFRMInterfacesSaysSo() throws {
    let refusal = KernelRefusal(
      errno: .operationNotSupported, explanation: "Unknown device type")
    let kernel = capable.with(
      "xfrm.interface", .refused(XFRMError("make an interface", .refused(refusal))))
    let check = try check("xfrm.interface", kernel)
    #expect(check.status == .absent)
    #expect(check.cause == "CONFIG_XFRM_INTERFACE is not set")
    #expect(check.evidence.first?.kernelWords == "Unknown device type")
  }
}
