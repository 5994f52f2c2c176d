import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// Networks of presets and files, with packets through them.
  @Suite("Scenarios in labs", Bed.needsESP)
  struct LabScenarioTests {
    @Test("what a preset protects arrives, and is encrypted on every wire", arguments: protected)
    func protects(_ preset: Preset, _ from: String, _ to: String) throws {
      let lab = try Lab(preset.topology())
      #expect(lab.notes == [])
      try lab.send(8, from: from, to: to).expectDelivered().expectEncrypted()
      try lab.send(8, from: to, to: from).expectDelivered().expectEncrypted()
    }

    @Test("a host behind a NAT reaches what is behind the gateway", Bed.needsNAT)
    func roadWarrior() throws {
      let lab = try Lab(.roadWarrior)
      let sent = try lab.send(from: "warrior", to: "server").expectDelivered().expectEncrypted()
      #expect(sent.wire[.espInUDP] >= 10 && sent.wire[.esp] == 0)
      try lab.send(from: "server", to: "warrior").expectDelivered().expectEncrypted()
    }

    @Test("routes into xfrm interfaces protect", Bed.needsXFRMInterface)
    func routeBased() throws {
      let lab = try Lab(.routeBased)
      try lab.send(from: "host-a", to: "host-b").expectDelivered().expectEncrypted()
    }

    @Test("without policies the same wire is in clear, and without SAs nothing arrives")
    func controls() throws {
      let lab = try Lab(.siteToSite())
      try lab.send(from: "host-a", to: "host-b").expectEncrypted()
      var far = try lab.node("gateway-b").xfrm()
      try far.flushAssociations()
      try lab.send(from: "host-a", to: "host-b", patience: 200).expectDropped()
        .expectRaised("XfrmInNoStates", on: "gateway-b")
      for name in ["gateway-a", "gateway-b"] {
        var xfrm = try lab.node(name).xfrm()
        try xfrm.flushPolicies()
      }
      let open = try lab.send(from: "host-a", to: "host-b").expectDelivered().expectInClear()
      let error = try #require(throws: LabError.self) { try open.expectEncrypted() }
      #expect("\(error)".hasPrefix("expected only what is encrypted on the wire: host-a → host-b"))
      #expect(throws: LabError.self) { try open.expectDropped() }
      #expect(throws: LabError.self) { try open.expectRaised("XfrmInNoStates", on: "gateway-b") }
    }

    @Test("a leg in clear shows, be it by a cable that nobody watches")
    func secondLeg() throws {
      var topology = Topology.hubAndSpoke(2)
      let (hub, spoke) = (IPAddress.v4(0x6463_0001), IPAddress.v4(0x6463_0002))
      topology.links.append(
        Topology.Link(
          Topology.End("hub", "spare", [IPPrefix(hub, length: 24)]),
          Topology.End("spoke-2", "spare", [IPPrefix(spoke, length: 24)])))
      topology.machines[0].routes[1].gateway = spoke
      let lab = try Lab(topology)
      let whole = try lab.send(from: "spoke-1", to: "spoke-2").expectDelivered().expectEncrypted()
      #expect(whole.protected == ["spoke-1": 10, "spoke-2": 10])
      // The hub lets in what the first leg protects, and protects nothing itself.
      for name in ["hub", "spoke-2"] {
        var xfrm = try lab.node(name).xfrm()
        for policy in try xfrm.policies() where name != "hub" || policy.direction == .outgoing {
          try xfrm.delete(policy.key)
        }
      }
      // More would hide it still better.
      let half = try lab.send(from: "spoke-1", to: "spoke-2").expectDelivered()
      #expect(half.protected == ["spoke-1": 10, "spoke-2": 0] && half.wire[.clear] == 0)
      #expect(throws: LabError.self) { try half.expectEncrypted() }
    }

    @Test("what is encrypted within a tunnel does not stand in for the tunnel")
    func outerTunnel() throws {
      let lab = try Lab(.chained)
      for name in ["gateway-a", "gateway-b"] {
        var xfrm = try lab.node(name).xfrm()
        try xfrm.flushPolicies()
      }
      let inner = try lab.send(from: "host-a", to: "host-b").expectDelivered()
      #expect(inner.protected == ["a-b": 0, "hosts": 10])
      #expect(throws: LabError.self) { try inner.expectEncrypted() }
    }

    @Test("tunnels that somebody else is to protect are only watched")
    func unprotected() throws {
      let lab = try Lab(.siteToSite(), isProtected: false)
      try lab.send(from: "host-a", to: "host-b").expectDelivered().expectInClear()
    }

    @Test("fifty spokes reach each other, each through its own SAs")
    func spokes() throws {
      let count = 50
      let lab = try Lab(.hubAndSpoke(count))
      for number in 1...count {
        let flow = try lab.flow(from: "spoke-\(number)", to: "spoke-\(number % count + 1)")
        #expect(try flow.sendDatagrams(2).delivered == 2)
      }
      var hub = try lab.node("hub").xfrm()
      let used = try hub.associations().map(\.usage.packets)
      #expect(used == [UInt64](repeating: 2, count: 2 * count))
    }

    @Test("BEET hides addresses")
    func beet() throws {
      let lab = try Lab(
        yaml: """
          nodes:
            - {name: a, addresses: 10.1.0.1/32, routes: [{to: 10.2.0.1/32, via: 192.0.2.2}]}
            - {name: b, addresses: 10.2.0.1/32, routes: [{to: 10.1.0.1/32, via: 192.0.2.1}]}
          links:
            - ends:
                - {node: a, interface: eth0, addresses: 192.0.2.1/24}
                - {node: b, interface: eth0, addresses: 192.0.2.2/24}
          tunnels:
            - name: t
              mode: beet
              ends:
                - {node: a, address: 192.0.2.1, networks: 10.1.0.1/32}
                - {node: b, address: 192.0.2.2, networks: 10.2.0.1/32}
          """)
      try lab.send(from: "a", to: "b").expectDelivered().expectEncrypted()
    }

    static let protected: [(Preset, String, String)] = [
      (.hostToHost, "host-a", "host-b"), (.siteToSite, "host-a", "host-b"),
      (.hubAndSpoke, "spoke-1", "spoke-3"), (.hubAndSpoke, "spoke-2", "hub"),
      (.fourInSix, "host-a", "host-b"),
      (.sixInFour, "host-a", "host-b"), (.chained, "host-a", "host-b"),
    ]
  }

  /// What links and nodes do to packets; none of it takes ESP.
  @Suite("Links and routers of labs", Bed.needsTrafficControl)
  struct LabLinkTests {
    /// Two hosts on a router.
    private static func lab(_ router: String, link: String = "") throws -> Lab {
      try Lab(
        yaml: """
          nodes:
            - name: a
              routes: [{to: 10.2.0.0/24, via: 10.1.0.1}, {to: "fd00:2::/64", via: "fd00:1::1"}]
            - {name: r, forward: true\(router)}
            - name: b
              routes: [{to: 10.1.0.0/24, via: 10.2.0.1}, {to: "fd00:1::/64", via: "fd00:2::1"}]
          links:
            - ends:
                - {node: a, interface: eth0, addresses: [10.1.0.2/24, "fd00:1::2/64"]}
                - {node: r, interface: to-a, addresses: [10.1.0.1/24, "fd00:1::1/64"]}
              \(link)
            - ends:
                - {node: r, interface: to-b, addresses: [10.2.0.1/24, "fd00:2::1/64"]}
                - {node: b, interface: eth0, addresses: [10.2.0.2/24, "fd00:2::2/64"]}
          """)
    }

    @Test("a link loses all, or takes its time")
    func impairments() throws {
      #expect(try Self.lab("").send(from: "a", to: "b").datagrams.delivered == 10)
      try Self.lab("", link: "loss: 100%").send(from: "a", to: "b", patience: 100).expectDropped()
      let slow = try Self.lab("", link: "delay: 60ms")
      let flow = try slow.flow(from: "a", to: "b")
      let duration = try ContinuousClock().measure {
        let echoes = try flow.ping(1, patience: 5_000)
        #expect(echoes == 1)
      }
      withExtendedLifetime(slow) {}
      #expect(duration >= .milliseconds(120))
    }

    @Test("what is still under way is waited for, and does not count for what is sent next")
    func latecomers() throws {
      let slow = try Self.lab("", link: "delay: 500ms")
      // The first one waits until the neighbours know each other.
      try slow.send(3, from: "a", to: "b", patience: 100).expectDelivered()
      let sent = try slow.send(3, from: "a", to: "b", patience: 0)
      #expect(throws: LabError.self) { try sent.expectDropped() }
      let flow = try slow.flow(from: "a", to: "b")
      #expect(try flow.sendDatagrams(3, patience: 10).delivered == 0)
      // Of another length they would be damaged.
      let next = try flow.sendDatagrams(3, payloadBytes: 300, patience: 3_000)
      #expect(next.delivered == 3 && next.wrong == 0, "\(next)")
    }

    @Test("a router hides who sends", Bed.needsNAT)
    func translation() throws {
      // Without a way back only the router's own address can be answered.
      for (router, echoes) in [("", 0), (", nat: [to-b]", 1)] {
        let lab = try Self.lab(router)
        var xfrm = try lab.node("b").xfrm()
        try xfrm.add(
          Policy(
            Selector(from: try #require(IPPrefix("10.1.0.0/24")), to: .any(.ipv4)),
            direction: .incoming, action: .block))
        let flow = try lab.flow(from: "a", to: "b")
        #expect(try flow.ping(1, patience: 500) == echoes)
      }
    }

    @Test("a VRF keeps its interfaces apart, with the addresses of both families")
    func virtualRouters() throws {
      let whole = try Self.lab(", vrfs: [{name: red, table: 10, interfaces: [to-a, to-b]}]")
      for source in ["10.1.0.2", "fd00:1::2"] {
        try whole.send(from: "a", to: "b", source: IPAddress(source)).expectDelivered()
      }
      let part =
        ", vrfs: [{name: red, table: 10, interfaces: [to-a]}, "
        + "{name: blue, table: 20, interfaces: [to-b]}]"
      try Self.lab(part).send(from: "a", to: "b", patience: 100).expectDropped()
    }
  }
}

extension Kernel {
  @Suite("Kernels that lack something for labs")
  struct LabLackTests {
    @Test(
      "it is built, or what is missing is named",
      arguments: [
        (", vrfs: [{name: red, table: 10, interfaces: [eth0]}]", "", "(module vrf)"),
        (
          ", xfrm-interfaces: [{name: ipsec0, if-id: 1}]", "", "(module xfrm_interface)"
        ),
        (", nat: [eth0]", "", "nft_masq"), ("", "loss: 1%", "(module sch_netem)"),
      ])
    func lack(_ node: String, _ link: String, _ module: String) throws {
      do throws(LabError) {
        _ = try Lab(
          yaml: """
            nodes: [{name: a}, {name: b\(node)}]
            links:
              - ends:
                  - {node: a, interface: eth0, addresses: 192.0.2.1/24}
                  - {node: b, interface: eth0, addresses: 192.0.2.2/24}
                \(link)
            """)
        #expect(module != "nft_masq" || Bed.hasNAT)
      } catch {
        #expect("\(error)".contains("this kernel has no ") && "\(error)".contains(module))
        #expect(error.isUnsupported)
      }
    }
  }
}

extension Bed {
  fileprivate static var hasNAT: Bool { name != "uml" }

  /// User-Mode Linux has iptables' NAT only.
  fileprivate static let needsNAT = ConditionTrait.enabled(
    if: hasNAT, "the kernel of bed \(name) has no NAT in nf_tables")

  /// The guests have it as modules.
  fileprivate static let needsTrafficControl = ConditionTrait.enabled(
    if: name != "host", "the kernel of bed \(name) may lack netem and VRF")
}
