import Testing
import XFRMKit

@testable import HostReadiness

/// How the network's settings are judged.
@Suite struct SettingTests {
  @Test func namesAreThoseOfSysctl() {
    #expect(KernelSettings.name(of: "net/ipv4/ip_forward") == "net.ipv4.ip_forward")
    #expect(
      KernelSettings.name(of: "net/ipv4/conf/eth0.100/rp_filter")
        == "net.ipv4.conf.eth0/100.rp_filter")
  }

  @Test func interfacesHaveTheirOwn() {
    let root = SyntheticRoot([
      "/proc/sys/net/ipv4/conf/all/rp_filter": "0\n",
      "/proc/sys/net/ipv4/conf/default/rp_filter": "1\n",
      "/proc/sys/net/ipv4/conf/lo/rp_filter": "1\n",
      "/proc/sys/net/ipv4/conf/eth0/rp_filter": "2\n",
    ])
    var failures: [FileError] = []
    let settings = KernelSettings(root.tree, failures: &failures)
    #expect(settings.interfaces == ["eth0"])
    #expect(settings[ipv4: "rp_filter", of: "eth0"] == 2)
    #expect(settings[ipv4: "rp_filter", of: "all"] == 0)
    #expect(settings[ipv4: "forwarding", of: "eth0"] == nil)
    #expect(failures.isEmpty)
  }

  /// The higher of both counts, and only 1 is strict.
  @Test(arguments: [
    (0, 0, Check.Status.pass), (0, 1, .fail), (1, 0, .fail), (1, 1, .fail), (2, 1, .pass),
    (1, 2, .pass), (0, 2, .pass), (2, 2, .pass),
  ])
  func reversePathFilter(all: Int, own: Int, status: Check.Status) {
    let values = settings([
      "ipv4/conf/all/rp_filter": all, "ipv4/conf/eth0/rp_filter": own,
      "ipv4/conf/eth1/rp_filter": 1,
    ])
    // eth1 is down, and does not matter.
    let check = judge("sys.rp-filter", for: .gateway, values) {
      $0.network.topology = .success(.sample())
    }
    #expect(check?.status == status)
    guard status == .fail else { return }
    #expect(check?.summary == "strict at eth0")
    #expect(
      check?.remedies.first?.command
        == "sysctl -w net.ipv4.conf.all.rp_filter=2 | tee -a /etc/sysctl.d/60-ipsec.conf")
  }

  /// Sent where either allows it; accepted by routers where both do, by others where either does.
  @Test(arguments: [
    ((0, 0), (0, 0), 1, "neither sent nor accepted"), ((0, 1), (0, 0), 1, "are sent"),
    ((1, 0), (0, 0), 1, "are sent"), ((0, 0), (1, 0), 1, "neither sent nor accepted"),
    ((0, 0), (1, 0), 0, "are accepted"), ((0, 0), (1, 1), 1, "are accepted"),
    ((1, 1), (1, 1), 0, "are sent and accepted"),
  ])
  func redirects(send: (Int, Int), accept: (Int, Int), forwarding: Int, summary: String) {
    let values = settings([
      "ipv4/conf/all/send_redirects": send.0, "ipv4/conf/eth0/send_redirects": send.1,
      "ipv4/conf/all/accept_redirects": accept.0, "ipv4/conf/eth0/accept_redirects": accept.1,
      "ipv4/conf/eth0/forwarding": forwarding,
    ])
    let check = judge("sys.redirects", for: .strongswan, values)
    #expect(check?.summary == summary)
    #expect(check?.outcome == (summary.hasPrefix("are") ? .warning : .passed))
    let forAlgo = judge("sys.redirects", for: .algo, values)
    #expect(forAlgo?.outcome == (summary.hasPrefix("are") ? .absent : .passed))
  }

  @Test(arguments: [
    ("6.10.0", 1, Check.Status.fail), ("7.0.1-generic", 3, .fail), ("6.9.12", 1, .pass),
    ("6.12.3", 0, .pass),
  ])
  func pathMTUDiscovery(release: String, value: Int, status: Check.Status) {
    var values = settings(["ipv4/ip_no_pmtu_disc": value])
    values["/proc/sys/kernel/osrelease"] = release
    #expect(judge("sys.no-pmtu-disc", for: .strongswan, values)?.status == status)
  }

  @Test func forwarding() {
    let off = settings([
      "ipv4/ip_forward": 0, "ipv4/conf/all/forwarding": 0, "ipv4/conf/all/route_localnet": 0,
    ])
    let check = judge("sys.ip-forward", for: .gateway, off)
    #expect(check?.outcome == .warning)
    #expect(
      check?.remedies.first?.command
        == "sysctl -w net.ipv4.ip_forward=1 | tee -a /etc/sysctl.d/60-ipsec.conf")
    // Both names are one setting: one thing to do.
    #expect(judge("sys.conf-all-forwarding", for: .gateway, off)?.remedies == check?.remedies)
    #expect(judge("sys.route-localnet", for: .gateway, off) == nil)
    // Algo does it itself, if it can.
    for id: CheckID in ["sys.ip-forward", "sys.conf-all-forwarding", "sys.route-localnet"] {
      #expect(judge(id, for: .algo, off)?.outcome == .absent)
    }
    let on = settings(["ipv4/ip_forward": 1])
    #expect(judge("sys.ip-forward", for: .gateway, on)?.outcome == .passed)
  }

  @Test func anInterfaceMayForwardNothing() {
    let values = settings([
      "ipv4/conf/all/forwarding": 1, "ipv4/conf/eth0/forwarding": 0,
      "ipv4/conf/eth1/forwarding": 1,
    ])
    let check = judge("sys.conf-all-forwarding", for: .gateway, values)
    #expect(check?.outcome == .warning)
    #expect(check?.cause == "net.ipv4.conf.eth0.forwarding is 0")
  }

  @Test func whatIsReadOnlyIsSetFromOutside() {
    let path = "net/ipv4/ip_forward"
    let values = settings(["ipv4/ip_forward": 0]).merging(["/.dockerenv": ""]) { $1 }
    for use in [Use.gateway, .algo] {
      let check = judge("sys.ip-forward", for: use, values) {
        $0.network.settings.readOnly = [path]
      }
      #expect(check?.outcome == .warning)
      #expect(check?.remedies.first?.command == nil)
      #expect(
        check?.remedies.first?.text.hasSuffix("docker run --sysctl net.ipv4.ip_forward=1") == true)
    }
  }

  @Test func ipv6IsForwardedWhereThereIsAWay() {
    let off = settings(["ipv6/conf/all/forwarding": 0])
    let id: CheckID = "sys.ipv6-forwarding"
    #expect(judge(id, for: .gateway, off)?.outcome == .warning)
    let withoutWay = judge(id, for: .gateway, off) { $0.network.topology = .success(.sample()) }
    #expect(withoutWay?.outcome == .absent)
    let withWay = judge(id, for: .gateway, off) {
      var topology = Topology.sample()
      topology.addRoute(to: .any(.ipv6), interface: 2)
      $0.network.topology = .success(topology)
    }
    #expect(withWay?.outcome == .warning)
    #expect(withWay?.remedies.first?.command?.contains("eth0.accept_ra=2") == true)
    #expect(withWay?.remedies.last?.command?.contains("all.forwarding=1") == true)
  }

  @Test(
    arguments: [
      ("ipv4/conf/eth0/disable_xfrm", "disabled at eth0"),
      ("ipv4/conf/all/disable_policy", "disabled at all"),
      ("ipv6/conf/eth0/disable_policy", "disabled at eth0"), ("ipv4/conf/eth1/disable_xfrm", nil),
      ("ipv4/conf/lo/disable_xfrm", nil), ("ipv4/conf/xfrm0/disable_policy", nil),
    ] as [(String, String?)])
  func disabledIPsec(setting: String, summary: String?) {
    let values = settings(["ipv4/conf/eth0/forwarding": 0, setting: 1])
    let check = judge("sys.disable-xfrm", for: .minimal, values) { findings in
      var topology = Topology.sample()
      var tunnel = Link("xfrm0", index: 9)
      (tunnel.isUp, tunnel.kind) = (true, "xfrm")
      topology.links.append(tunnel)
      findings.network.topology = .success(topology)
    }
    #expect(check?.outcome == (summary == nil ? .passed : .warning))
    #expect(check?.summary == summary ?? "not disabled")
  }

  @Test func whatIsNotShownIsNotKnown() {
    let host = judge("sys.disable-xfrm", for: .minimal, ["/proc/sys/net/": nil])
    #expect(host?.status == .unknown)
    #expect(judge("sys.larval-drop", for: .minimal, ["/proc/sys/net/": nil])?.status == .unknown)
    #expect(judge("sys.larval-drop", for: .minimal)?.status == .pass)
    let waiting = settings(["core/xfrm_larval_drop": 0])
    #expect(judge("sys.larval-drop", for: .minimal, waiting)?.outcome == .absent)
  }

  @Test(arguments: [
    ("Amazon EC2", "t3.micro", "Amazon EC2 may check"), ("Google", "x", "Google Cloud may check"),
    ("DigitalOcean", "Droplet", "DigitalOcean may check"),
    ("QEMU", "Standard PC", "none known of this machine"),
  ])
  func clouds(vendor: String, product: String, summary: String) {
    let check = judge(
      "net.cloud-source-check", for: .gateway,
      ["/sys/class/dmi/id/sys_vendor": vendor, "/sys/class/dmi/id/product_name": product])
    #expect(check?.summary == summary)
    #expect(check?.status == (summary.hasSuffix("may check") ? .unknown : .pass))
    #expect(judge("net.cloud-source-check", for: .gateway)?.status == .unknown)
  }
}
