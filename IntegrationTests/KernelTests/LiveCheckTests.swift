import FoundationEssentials
import TestSupport
import Testing
import XFRMKit
import XFRMLab

@testable import HostReadiness

extension Kernel {
  /// `xfrmctl check --live` on a kernel whose tunnels work, and what it says of some that do not.
  @Suite("Live check", Bed.needsESP)
  struct LiveCheckTests {
    @Test("all tunnels carry packets, and every cipher has a speed")
    func works() async throws {
      try await Modules.loadIPv6()
      let outcome = try await Tool.run(["check", "--live", "--bench", "--ipcomp", "--json"])
      #expect(outcome.status == 0, "\(outcome.output)")
      let report = try LiveReport(outcome)
      #expect(report.verdict == "ready")
      let traffic = report.checks.filter { $0.group == "traffic" }
      #expect(
        traffic.map(\.id) == [
          "live.tunnel.v4", "live.tunnel.v6", "live.natt", "live.ipcomp", "live.mtu.v4",
          "live.mtu.v6", "live.clear", "live.bench.aes256gcm16", "live.bench.aes128gcm16",
          "live.bench.chacha20poly1305", "live.bench.aes256-sha256",
        ])
      for check in traffic { #expect(check.status == "pass", "\(check.id): \(check.summary)") }
      #expect(report["live.tunnel.v4"]?.summary == "80 of 80 packets arrived")
      #expect(report["live.mtu.v4"]?.summary == "1446 bytes of 1500")
      #expect(report["live.mtu.v6"]?.summary == "1426 bytes of 1500")
      #expect(report["live.clear"]?.summary == "0 of 240 packets, watched on the wire")
    }

    @Test("somebody without privileges gets the same, where user namespaces are allowed")
    func unprivileged() async throws {
      try await Modules.loadIPv6()
      let outcome = try await PrivateTool().run("check --live --json", user: 65_534)
      let report = try LiveReport(outcome)
      for check in report.checks where check.group == "traffic" {
        #expect(check.status == "pass", "\(check.id): \(check.summary)")
      }
      #expect(report["live.clear"] != nil)
    }

    @Test("without --live nothing is sent")
    func notAsked() async throws {
      let report = try LiveReport(try await Tool.run(["check", "--json"]))
      #expect(!report.checks.isEmpty)
      #expect(report.checks.filter { $0.group == "traffic" }.isEmpty)
    }

    // MARK: What is broken is told

    @Test("a policy that is missing at one end")
    func missingPolicy() throws {
      let report = try Self.report { sites, plan in plan.b.policies = [] }
      #expect(report["live.tunnel.v4"]?.status == .fail)
      #expect(report["live.clear"]?.status == .fail)
      #expect(report["live.clear"]?.summary == "20 packets went in clear")
      #expect(report.verdict == .notReady)
    }

    @Test("policies that are missing at both ends: everything arrives, and in clear")
    func missingPolicies() throws {
      let report = try Self.report { sites, plan in
        plan.a.policies = []
        plan.b.policies = []
      }
      #expect(report["live.tunnel.v4"]?.summary == "SAs counted 0 of 20 packets")
      #expect(report["live.clear"]?.summary == "40 packets went in clear")
      #expect(report.verdict == .notReady)
    }

    @Test("an SA with another key at one end")
    func wrongKey() throws {
      let report = try Self.report { sites, plan in
        ESPProposal.aes256gcm16.protect(&plan.b.associations[0])
      }
      let tunnel = try #require(report["live.tunnel.v4"])
      #expect(tunnel.status == .fail)
      #expect(tunnel.summary == "20 of 40 packets arrived")
      let cause = try #require(tunnel.cause)
      #expect(cause.contains("could not be decrypted"))
      #expect(cause.contains("XfrmInStateProtoError 20"))
      #expect(report["live.clear"]?.status == .pass)
      #expect(report.verdict == .notReady)
    }

    @Test("an interface that is exempted from policies")
    func exemption() throws {
      let report = try Self.report { sites, plan in
        try sites.a.gateway.setSysctl("net.ipv4.conf.wan.disable_xfrm", to: "1")
      }
      #expect(report["live.tunnel.v4"]?.status == .fail)
      #expect(report["live.tunnel.v4"]?.remedies.first?.command?.contains("disable_xfrm") == true)
      #expect(report["live.clear"]?.summary == "20 packets went in clear")
    }

    @Test("what is only authenticated, where it should be encrypted")
    func readable() throws {
      let null = try #require(ESPProposal(named: "null-sha256"))
      let report = try Self.report { sites, plan in plan = sites.plan(Protection(null)) }
      // A profile that proposes it gets what it wants.
      #expect(report["live.tunnel.v4"]?.status == .pass)
      #expect(report["live.clear"]?.status == .pass)
      // The same from a kernel that was asked for AES is another matter.
      let sites = try SiteToSite([.ipv4])
      let open = try TunnelTrial(sites, sites.plan(Protection(null)))
      var claimed = TunnelTrial(Protection())
      (claimed.directions, claimed.control, claimed.wire) = (
        open.directions, open.control, open.wire
      )
      #expect(Self.report(claimed)["live.clear"]?.summary == "payloads could be read on the wire")
    }

    @Test("nobody who says how long packets may be")
    func deafHosts() throws {
      let sites = try SiteToSite([.ipv4])
      try sites.a.host.setSysctl("net.ipv4.ip_no_pmtu_disc", to: "2")
      let protection = Protection()
      let trial = try MTUTrial(sites, sites.plan(protection), patience: 100)
      var findings = Self.findings()
      findings.traffic?.lengths[.liveMTU(.ipv4)] = TrafficFindings.Attempt(
        protection: protection, outcome: .success(trial))
      let check = try #require(ReadinessReport(findings)["live.mtu.v4"])
      #expect(check.status == .fail)
      #expect(check.summary == "nobody says how long they may be")
    }
  }
}

extension Kernel.LiveCheckTests {
  /// What is said of a tunnel that `spoil` has changed.
  private static func report(
    _ spoil: (SiteToSite, inout ProtectionPlan) throws -> Void
  ) throws -> ReadinessReport {
    let sites = try SiteToSite([.ipv4])
    var plan = sites.plan(Protection())
    try spoil(sites, &plan)
    return report(try TunnelTrial(sites, plan, patience: 100))
  }

  private static func report(_ trial: TunnelTrial) -> ReadinessReport {
    var findings = findings()
    findings.traffic?.tunnels[LiveTunnel.v4.id] = [
      TrafficFindings.Attempt(protection: trial.protection, outcome: .success(trial))
    ]
    return ReadinessReport(findings)
  }

  /// A host of which nothing is known but that it grants SAs.
  private static func findings() -> Findings {
    var options = CheckOptions()
    options.root = "/nonexistent"
    var findings = Findings(options) {
      var probes = ProbeResults()
      for id in CheckID.esp + [.esp(over: .ipv4), .esp(over: .ipv6)] {
        probes[id] = Probe(outcome: .works("add an SA"))
      }
      return probes
    }
    findings.traffic = TrafficFindings(isMeasuring: false)
    return findings
  }
}

/// What `check --json` promises, as far as it is looked at here.
private struct LiveReport: Decodable {
  struct Check: Decodable {
    var id: String
    var group: String
    var status: String
    var summary: String
  }

  var verdict: String
  var checks: [Check]

  init(_ outcome: Tool.Outcome) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
  }

  subscript(id: String) -> Check? { checks.first { $0.id == id } }
}
