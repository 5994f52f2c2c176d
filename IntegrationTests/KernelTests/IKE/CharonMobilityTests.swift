import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// strongSwan where addresses change while a tunnel is in use.
  @Suite("charon on the move", Bed.needsESP, Bed.needsSpeed, Charon.isNeeded)
  struct CharonMobilityTests {
    private static let warrior = IKEEnd(name: "warrior", address: "%any", network: "10.9.0.1/32")
    private static let gateway = IKEEnd(
      name: "gateway", address: "192.0.2.1", network: "10.1.0.0/24")
    private static let child = "esp_proposals = aes256gcm16"

    @Test(
      "a NAT that takes another address is told by the kernel, and the tunnel goes on",
      LegacyNAT.isNeeded)
    func translation() async throws {
      var topology = Topology.roadWarrior
      for index in topology.machines.indices { topology.machines[index].masqueraded = [] }
      let lab = try Lab(topology, isProtected: false)
      let nat = try await LegacyNAT(on: lab.node("nat"), interface: "wan")
      let tool = try PrivateTool(in: lab.node("gateway").namespace)
      try await Announcements.hear(tool) { heard in
        let gateway = try await Charon(
          in: tool, local: Self.gateway, remote: Self.warrior, child: Self.child)
        let warrior = try await Charon(
          in: PrivateTool(in: lab.node("warrior").namespace), local: Self.warrior,
          remote: Self.gateway, child: Self.child)
        try await warrior.initiate()
        let sent = try lab.send(from: "warrior", to: "server").expectDelivered().expectEncrypted()
        #expect(sent.wire[.espInUDP] > 0 && sent.wire[.esp] == 0)
        try lab.send(from: "server", to: "warrior").expectDelivered().expectEncrypted()
        let before = try Listings(tool)
        #expect(before.associations == (try await CharonListings(gateway)).associations)
        #expect(before.associations.contains { $0.source == "192.0.2.2" })
        try heard.drain()
        #expect(!heard.lines.contains { $0.hasPrefix("mapping") })

        try await nat.move(from: "192.0.2.2/24", to: "192.0.2.3/24")
        let flow = try lab.flow(from: "warrior", to: "server")
        let traffic = try SteadyTraffic(flow, perSecond: 20)
        let line = try await heard.wait(forPrefix: "mapping")
        #expect(line.contains(" 192.0.2.2:") && line.contains("→ 192.0.2.3:"))
        try await eventually("the SAs do not follow") {
          try Listings(tool).leads(to: "192.0.2.3")
        }
        let passed = traffic.stop()
        #expect(passed.sent > 0 && passed.delivered >= passed.sent - 5, "\(passed)")
        try lab.send(from: "warrior", to: "server").expectDelivered().expectEncrypted()
        let after = try Listings(tool)
        #expect(after.spis == before.spis)
        #expect(after.associations == (try await CharonListings(gateway)).associations)
        try await after.expectTold(by: tool)
        let port = try #require(line.split(separator: ":").last)
        #expect(after.associations.contains { "\($0.encapsulation?.sourcePort ?? 0)" == port })
        let routed = try await tool.shell("ip route replace 10.9.0.1/32 via 192.0.2.3")
        try #require(routed.isQuiet, "\(routed.complaint)")
        try lab.send(from: "server", to: "warrior").expectDelivered().expectEncrypted()
      }
    }

    @Test("with another interface the SAs move to its address, and the tunnel goes on (MOBIKE)")
    func anotherInterface() async throws {
      let lab = try Lab(yaml: Self.twoWays, isProtected: false)
      let tool = try PrivateTool(in: lab.node("warrior").namespace)
      try await Announcements.hear(tool) { heard in
        let far = try PrivateTool(in: lab.node("gateway").namespace)
        let gateway = try await Charon(
          in: far, local: Self.gateway, remote: Self.warrior, child: Self.child)
        let warrior = try await Charon(
          in: tool, local: Self.warrior, remote: Self.gateway, child: Self.child)
        try await warrior.initiate()
        try lab.send(from: "warrior", to: "gateway").expectDelivered().expectEncrypted()
        let before = try Listings(tool)
        #expect(before.associations.contains { $0.source == "198.51.100.2" })

        let moved = try await tool.shell(
          "ip link set eth0 down && ip route add 192.0.2.0/24 via 203.0.113.1")
        try #require(moved.isQuiet, "\(moved.complaint)")
        try await eventually("the SAs do not move") {
          try [tool, far].allSatisfy { try Listings($0).leads(to: "203.0.113.2") }
        }
        let capture = try PacketCapture(on: lab.node("warrior"), interface: "eth1")
        try lab.send(from: "warrior", to: "gateway").expectDelivered()
        try lab.send(from: "gateway", to: "warrior").expectDelivered()
        let wire = capture.stop()
        #expect(wire[.esp] + wire[.espInUDP] == 10 && wire[.clear] == 0 && wire.missed == 0)

        let after = try Listings(tool)
        #expect(after.spis == before.spis && after.isCoherent)
        for (tool, charon) in [(tool, warrior), (far, gateway)] {
          let kernel = try Listings(tool)
          #expect(kernel.associations == (try await CharonListings(charon)).associations)
        }
        for spi in after.spis { try await heard.wait(forPrefix: "association-deleted \(spi)") }
      }
    }

    /// A host with two ways to a gateway, of which it has a route for one.
    private static let twoWays = """
      nodes:
        - name: warrior
          addresses: 10.9.0.1/32
          routes: [{to: 192.0.2.0/24, via: 198.51.100.1}]
        - {name: router, forward: true}
        - name: gateway
          addresses: 10.1.0.1/32
          routes:
            - {to: 198.51.100.0/24, via: 192.0.2.2}
            - {to: 203.0.113.0/24, via: 192.0.2.2}
            - {to: 10.9.0.1/32, via: 192.0.2.2}
      links:
        - ends:
            - {node: warrior, interface: eth0, addresses: 198.51.100.2/24}
            - {node: router, interface: one, addresses: 198.51.100.1/24}
        - ends:
            - {node: warrior, interface: eth1, addresses: 203.0.113.2/24}
            - {node: router, interface: two, addresses: 203.0.113.1/24}
        - ends:
            - {node: router, interface: wan, addresses: 192.0.2.2/24}
            - {node: gateway, interface: wan, addresses: 192.0.2.1/24}
      tunnels:
        - name: warrior
          ends:
            - {node: warrior, address: 198.51.100.2, networks: 10.9.0.1/32}
            - {node: gateway, address: 192.0.2.1, networks: 10.1.0.0/24}
      """
  }
}
