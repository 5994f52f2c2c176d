import Testing
import XFRMKit

@testable import HostReadiness

/// What is said of routes, addresses and the MTU.
@Suite struct RouteCheckTests {
  private func check(
    _ id: CheckID, for use: Use = .algo, _ topology: Topology, _ changes: [String: String?] = [:]
  ) -> Check? {
    judge(id, for: use, changes) { $0.network.topology = .success(topology) }
  }

  @Test func theDefaultRouteIsTheOnePreferred() {
    var topology = Topology.sample()
    #expect(check("route.default", topology)?.summary == "via 192.0.2.1 on eth0")
    topology.addRoute(to: .any(.ipv4), interface: 3, via: .v4(0xc000_0202), metric: 50)
    #expect(check("route.default", topology)?.summary == "via 192.0.2.2 on eth1")
    topology.addRoute(to: .any(.ipv4), interface: 2, metric: 1, table: 220)
    #expect(check("route.default", topology)?.summary == "via 192.0.2.2 on eth1")
    #expect(check("route.default", Topology())?.outcome == .failed)
    #expect(check("route.default", for: .gateway, Topology())?.outcome == .warning)
  }

  @Test func algoDoesWithoutIPv6() {
    var topology = Topology.sample()
    #expect(check("route.ipv6-gateway", topology)?.outcome == .absent)
    topology.addRoute(to: .any(.ipv6), interface: 2)
    #expect(check("route.ipv6-gateway", topology)?.outcome == .passed)
  }

  @Test(arguments: [
    ("10.48.3.0/24", Check.Status.fail), ("10.0.0.0/8", .fail), ("10.50.0.0/16", .pass),
    ("2001:db8:4160:1::/64", .fail), ("2001:db8::/48", .pass), ("10.49.255.255", .fail),
  ])
  func poolsOverlap(network: String, status: Check.Status) throws {
    let prefix = try #require(IPPrefix(network))
    var topology = Topology.sample()
    #expect(check("route.pool-overlap", topology)?.status == .pass)
    topology.addRoute(to: prefix, interface: 3)
    #expect(check("route.pool-overlap", topology)?.status == status)
    // The same of an address.
    topology = .sample()
    topology.addresses.append(InterfaceAddress(prefix: prefix, interfaceIndex: 2))
    #expect(check("route.pool-overlap", topology)?.status == status)
  }

  @Test func anAlgoThatIsThereHasThePoolsItself() throws {
    var topology = Topology.sample()
    var wireguard = Link("wg0", index: 9)
    wireguard.kind = "wireguard"
    topology.links.append(wireguard)
    topology.addRoute(to: try #require(IPPrefix("10.49.0.0/16")), interface: 9)
    topology.addRoute(to: try #require(IPPrefix("10.48.0.2")), interface: 2, table: 220)
    #expect(check("route.pool-overlap", topology)?.status == .pass)
  }

  @Test func theMTUIsThatOfTheWayOut() {
    #expect(check("net.mtu", .sample())?.status == .pass)
    let low = check("net.mtu", .sample(mtu: 1460))
    #expect(low?.outcome == .warning)
    #expect(low?.summary == "1460 on eth0, 40 below the usual")
    #expect(low?.remedies.first?.text.hasSuffix("or set it to 40") == true)
    let gateway = check("net.mtu", for: .gateway, .sample(mtu: 1460))
    #expect(gateway?.remedies.first?.command?.hasSuffix("--set-mss 1320") == true)
    #expect(check("net.mtu", Topology())?.status == .unknown)
  }

  @Test(
    arguments: [
      "route.default", "route.pool-overlap", "route.ipv6-gateway", "net.mtu", "nf.backend",
      "nf.conflicts",
    ] as [CheckID])
  func ofAnotherRootNothingIsKnown(id: CheckID) {
    #expect(judge(id, for: .algo)?.status == .unknown)
    #expect(judge(id, for: .algo)?.cause != nil)
  }

  @Test func aKernelThatDoesNotTellIsNotKnown() {
    let check = judge("route.default", for: .algo) {
      $0.network.topology = .failure(XFRMError("list interfaces", .timedOut))
    }
    #expect(check?.status == .unknown)
    #expect(check?.cause?.contains("did not answer in time") == true)
  }

  @Test func rulesForIPv6MatterToAlgoWhereAWayLeadsOut() {
    let error = XFRMError(
      "add an IPv6 rule", .refused(KernelRefusal(errno: .operationNotSupported)))
    let refused = Probe(outcome: .refused(error))
    var topology = Topology.sample()
    func outcome(_ topology: Topology?, _ rules: [Profile.Rule] = []) -> Check.Outcome? {
      judge("route.rules.v6", for: .algo) {
        $0.probes["route.rules.v6"] = refused
        $0.network.topology = topology.map { .success($0) }
        $0.profile.rules = rules
      }?.outcome
    }
    #expect(outcome(topology) == .warning)
    #expect(outcome(topology, [Profile.Rule("route.*", .required)]) == .failed)
    #expect(outcome(nil) == .failed)
    topology.addRoute(to: .any(.ipv6), interface: 2)
    #expect(outcome(topology) == .failed)
  }

  @Test func rulesTakeTheirOption() {
    let error = XFRMError(
      "add an IPv4 rule", .refused(KernelRefusal(errno: .operationNotSupported)))
    let refused = Probe(outcome: .refused(error))
    let changes = ["/boot/config-\(Sample.release)": "CONFIG_IPV6=y\nCONFIG_IP_ADVANCED_ROUTER=y\n"]
    let check = judge("route.rules.v4", for: .algo, changes) {
      $0.probes["route.rules.v4"] = refused
    }
    #expect(check?.outcome == .failed)
    #expect(check?.cause == "CONFIG_IP_MULTIPLE_TABLES is not set")
    #expect(check?.evidence.first?.errno == "EOPNOTSUPP")
    // Without IPv6 nobody misses its rules.
    let ipv6 = judge("route.rules.v6", for: .algo, ["/proc/net/if_inet6": nil]) {
      $0.probes["route.rules.v6"] = refused
    }
    #expect(ipv6?.outcome == .absent)
    let works = judge("route.rules.v6", for: .algo) {
      $0.probes["route.rules.v6"] = Probe(outcome: .works("add an IPv6 rule"))
    }
    #expect(works?.outcome == .passed)
    let goesOn = judge("route.rules.v6", for: .strongswan) {
      $0.probes["route.rules.v6"] = refused
    }
    #expect(goesOn?.outcome == .warning)
    let notAsked = judge("route.rules.v6", for: .algo) {
      $0.probes["route.rules.v6"] = Probe(outcome: .notRun(.unwanted))
    }
    #expect(notAsked?.outcome == .unknown)
  }
}
