import Testing
import XFRMKit

@testable import HostReadiness

/// What follows from the kernel's answers about the packet filter.
@Suite struct PacketFilterTests {
  private func check(
    _ id: CheckID, for use: Use = .algo, _ outcome: ProbeOutcome,
    _ changes: [String: String?] = [:], _ change: (inout Findings) -> Void = { _ in }
  ) -> Check? {
    judge(id, for: use, changes) {
      $0.probes[id] = Probe(outcome: outcome)
      change(&$0)
    }
  }

  private func refusal(_ errno: SystemErrno, _ request: String = "look") -> ProbeOutcome {
    .refused(XFRMError(request, .refused(KernelRefusal(errno: errno))))
  }

  private let bare: [String: String?] = [
    "/lib/modules/": nil, "/proc/modules": nil,
    "/boot/config-\(Sample.release)": "CONFIG_NETFILTER=y\n",
  ]

  @Test func whatIsThereIsThere() {
    for id: CheckID in [
      "nf.policy", "nf.nft-xfrm", "nf.legacy-tables", "nf.nat", "nf.matches", "nf.tcp-mss",
    ] {
      #expect(check(id, .works("look"))?.outcome == .passed, "\(id)")
      #expect(check(id, .notRun(.unwanted))?.outcome == .unknown, "\(id)")
      #expect(check(id, .notRun(.mightLoadModules))?.outcome == .unknown, "\(id)")
      #expect(check(id, refusal(.notPermitted))?.outcome == .unknown, "\(id)")
    }
  }

  @Test func aMatchThatIsMissingIsNamed() {
    let policy = check("nf.policy", .different(request: "look", difference: "policy"), bare)
    #expect(policy?.outcome == .failed)
    #expect(policy?.summary == "kernel lacks match policy")
    #expect(policy?.cause?.contains("CONFIG_NETFILTER_XT_MATCH_POLICY is not set") == true)
    let matches = check(
      "nf.matches", .different(request: "look", difference: "owner, ah"), bare)
    #expect(matches?.summary == "kernel lacks owner and ah")
    #expect(matches?.cause?.contains("CONFIG_IP6_NF_MATCH_AH is not set") == true)
    #expect(matches?.cause?.contains("HASHLIMIT") == false)
  }

  @Test func iptablesWouldLoadWhatTheKernelDoesNot() {
    let onDisk: [String: String?] = [
      "\(Sample.modules)/modules.dep": "kernel/net/ipv4/netfilter/ip_tables.ko:\n",
      "\(Sample.modules)/kernel/net/ipv4/netfilter/ip_tables.ko": "",
    ]
    let unknown = check("nf.legacy-tables", refusal(.noProtocolOption), onDisk)
    #expect(unknown?.outcome == .unknown)
    #expect(unknown?.remedies.first?.command == "modprobe ip_tables")
    let missing = check("nf.legacy-tables", refusal(.noProtocolOption), bare)
    #expect(missing?.outcome == .failed)
    #expect(missing?.summary == "kernel has no ip_tables")
    let blocked = check(
      "nf.legacy-tables", refusal(.noProtocolOption),
      onDisk.merging(["/etc/modprobe.d/x.conf": "install ip_tables /bin/false\n"]) { $1 })
    #expect(blocked?.outcome == .failed)
    #expect(blocked?.cause?.contains("install ip_tables /bin/false") == true)
    let without = check(
      "nf.legacy-tables", refusal(.noProtocolOption),
      bare.merging(["/boot/config-\(Sample.release)": "CONFIG_IP_NF_IPTABLES=y\n"]) { $1 })
    #expect(without?.outcome == .failed)
    #expect(without?.cause?.contains("CONFIG_NETFILTER_XTABLES_LEGACY") == true)
  }

  @Test func aTableMayBeMissing() {
    let check = check(
      "nf.legacy-tables", .different(request: "look", difference: "nat for IPv6"), bare)
    #expect(check?.summary == "no table nat for IPv6")
    #expect(check?.cause?.contains("CONFIG_IP6_NF_NAT is not set") == true)
  }

  @Test func algoNeedsMasqueradingByIptables() {
    let other = ProbeOutcome.different(request: "add", difference: "no target MASQUERADE")
    #expect(check("nf.nat", for: .gateway, other)?.outcome == .passed)
    #expect(check("nf.nat", for: .algo, other)?.outcome == .failed)
    #expect(check("nf.nat", for: .gateway, refusal(.noSuchFile))?.outcome == .warning)
  }

  @Test func oneWayToTellTunnelsIsEnough() {
    let id: CheckID = "nf.nft-xfrm"
    let alone = check(id, for: .gateway, refusal(.noSuchFile)) {
      $0.probes["nf.policy"] = Probe(outcome: .different(request: "look", difference: "policy"))
    }
    #expect(alone?.outcome == .warning)
    #expect(alone?.summary == "kernel lacks nft_xfrm")
    let beside = check(id, for: .gateway, refusal(.noSuchFile), [:]) {
      $0.probes["nf.policy"] = Probe(outcome: .works("look"))
    }
    #expect(beside?.outcome == .absent)
    #expect(check(id, for: .gateway, refusal(.operationNotSupported))?.summary == "no nf_tables")
  }

  @Test func segmentsAreClampedWhereTheMTUIsLow() {
    let missing = ProbeOutcome.different(request: "look", difference: "TCPMSS")
    for (mtu, outcome) in [(UInt32(1500), Check.Outcome.absent), (1400, .warning)] {
      let check = check("nf.tcp-mss", missing, [:]) {
        $0.network.topology = .success(.sample(mtu: mtu))
      }
      #expect(check?.outcome == outcome)
    }
    #expect(check("nf.tcp-mss", missing)?.outcome == .warning)
  }
}

/// Who keeps rules, and in which form.
@Suite struct FirewallTests {
  private func facts(_ files: [String: String] = [:], link: (String, String)? = nil) -> Firewall {
    let root = SyntheticRoot(files)
    if let link { root.link(link.0, to: link.1) }
    var failures: [FileError] = []
    return Firewall(root.tree, failures: &failures)
  }

  @Test(
    arguments: [
      ("/etc/alternatives/iptables", "/usr/sbin/iptables-legacy", Firewall.Backend.legacy),
      ("/etc/alternatives/iptables", "/usr/sbin/iptables-nft", .tables),
      ("/usr/sbin/iptables", "xtables-nft-multi", .tables),
      ("/sbin/iptables", "xtables-multi", .legacy), ("/sbin/iptables", "/bin/busybox", nil),
    ] as [(String, String, Firewall.Backend?)])
  func backends(file: String, target: String, backend: Firewall.Backend?) {
    #expect(facts(link: (file, target)).backend == backend)
    #expect(facts().backend == nil)
  }

  @Test func managers() {
    #expect(facts().managers.isEmpty)
    #expect(facts(["/etc/ufw/ufw.conf": "# ENABLED=yes\nENABLED=no\n"]).managers.isEmpty)
    let found = facts([
      "/etc/ufw/ufw.conf": "ENABLED=yes\nLOGLEVEL=low\n", "/proc/7/comm": "dockerd\n",
      "/proc/8/comm": "firewalld\n", "/proc/9/comm": "bash\n",
    ])
    #expect(Set(found.managers.keys) == [.ufw, .docker, .firewalld])
  }

  @Test func managersAreWarnedOf() {
    let known: (inout Findings) -> Void = { $0.network.topology = .success(.sample()) }
    #expect(judge("nf.conflicts", for: .algo, [:], known)?.outcome == .passed)
    let files: [String: String?] = ["/etc/ufw/ufw.conf": "ENABLED=yes\n"]
    #expect(judge("nf.conflicts", for: .algo, files)?.remedies.first?.command == "ufw disable")
    let gateway = judge("nf.conflicts", for: .gateway, files)
    #expect(gateway?.outcome == .warning)
    #expect(gateway?.remedies.first?.command?.hasPrefix("ufw allow 500,4500/udp") == true)
    #expect(gateway?.remedies.first?.text.contains("ufw route allow") == true)
    let firewalld: [String: String?] = ["/proc/7/comm": "firewalld\n"]
    for (use, forwards) in [(Use.gateway, true), (.strongswan, true), (.algo, false)] {
      let check = judge("nf.conflicts", for: use, firewalld)
      #expect(check?.cause?.contains("forwarded from one zone to another") == forwards)
      #expect(check?.remedies.first?.text.contains("--new-policy") == forwards)
    }
    let docker = judge("nf.conflicts", for: .gateway, ["/proc/7/comm": "dockerd\n"])
    for direction in ["in", "out"] {
      let rule = "iptables -I DOCKER-USER -m policy --dir \(direction) --pol ipsec -j ACCEPT"
      #expect(docker?.remedies.first?.command?.contains(rule) == true)
    }
  }

  @Test(arguments: [
    (0, 0, Firewall.Backend.legacy, Use.gateway, "no rules yet"),
    (3, 0, .legacy, .algo, "ip_tables only"), (0, 4, .tables, .gateway, "nf_tables only"),
    (3, 4, .legacy, .gateway, "both ip_tables and nf_tables"),
    (0, 4, .legacy, .gateway, "nf_tables, not iptables-legacy"),
    (0, 4, .tables, .algo, "nf_tables, not iptables-legacy"),
    (3, 0, .tables, .gateway, "ip_tables, iptables is not legacy"),
  ])
  func forms(
    legacy: Int, tables: Int, backend: Firewall.Backend, use: Use, summary: String
  ) {
    let check = judge("nf.backend", for: use) {
      $0.network.topology = .success(.sample())
      $0.network.firewall.backend = backend
      $0.network.firewall.legacyRules = legacy
      $0.network.firewall.tableRules =
        tables == 0 ? [:] : [FilterTable(family: .ipv4, name: "filter"): tables]
    }
    #expect(check?.summary == summary)
    let isFine = summary.hasSuffix("only") || summary == "no rules yet"
    #expect(check?.outcome == (isFine ? .passed : .warning))
    let hidden = judge("nf.backend", for: use) { $0.network.topology = .success(.sample()) }
    #expect(hidden?.outcome == .unknown)
  }
}
