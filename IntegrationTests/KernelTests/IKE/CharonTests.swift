import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// strongSwan at both ends: what it does to the kernel is what the library and the tool tell.
  @Suite("charon", Bed.needsESP, Bed.needsSpeed, Charon.isNeeded)
  struct CharonTests {
    @Test("a tunnel is listed as charon has it, from its making through a rekeying to its end")
    func life() async throws {
      let sites = try IKESites()
      try await Announcements.hear(sites.tools[0]) { heard in
        let charons = [try await sites.charon(0), try await sites.charon(1)]
        #expect(try Listings(sites.tools[0]).associations.isEmpty)
        try await charons[0].initiate()
        try sites.expectProtected()
        for (tool, charon) in zip(sites.tools, charons) { try await expectSame(tool, charon) }
        #expect(try sites.spis(0) == sites.spis(1))
        try await Listings(sites.tools[0]).expectTold(by: sites.tools[0])

        let before = try sites.spis(0)
        try await sites.expectProtected {
          try await charons[0].rekey()
          try await eventually("the old SAs stay") {
            try sites.spis(0).isDisjoint(with: before) && sites.spis(1).isDisjoint(with: before)
          }
        }
        let after = try sites.spis(0)
        #expect(after.count == 2)
        for (tool, charon) in zip(sites.tools, charons) { try await expectSame(tool, charon) }

        try await charons[0].terminate()
        try await eventually("SAs stay") { try sites.spis(0).isEmpty && sites.spis(1).isEmpty }
        // Of each SA its coming and its going; in is asked for before it is known, hence updated.
        try await heard.wait(
          for: (before.union(after)).map { "association-deleted \($0)" })
        for spi in before.union(after) {
          #expect(
            heard.lines.count {
              ["association-added \(spi)", "association-updated \(spi)"].contains($0)
            } == 1)
        }
        for route in Self.routes {
          #expect(heard.lines.contains("policy-added \(route)"))
          #expect(heard.lines.contains("policy-deleted \(route)"))
        }
      }
      // Now nothing protects, and this would have been noticed.
      #expect(try Listings(sites.tools[0]).policies.isEmpty)
      try sites.lab.send(from: "host-a", to: "host-b").expectDelivered().expectInClear()
    }

    @Test(
      "a packet asks for SAs, those at a limit are renewed, and nobody renews them for a dead end")
    func limits() async throws {
      let sites = try IKESites()
      try await Announcements.hear(sites.tools[0]) { heard in
        let other = try await sites.charon(1)
        let charon = try await sites.charon(
          0,
          child: """
            esp_proposals = aes256gcm16
            start_action = trap
            rekey_packets = 40
            life_packets = 1000
            rand_packets = 0
            """)
        #expect(try sites.spis(0).isEmpty)
        try await heard.wait(forPrefix: "policy-added out")
        // What asks for SAs is lost, as a router has no room for it.
        try sites.lab.send(1, from: "host-a", to: "host-b", patience: 0).expectDropped()
          .expectRaised("XfrmOutNoStates", on: "gateway-a")
        try await heard.wait(forPrefix: "acquire 192.0.2.1 → 192.0.2.2")
        // The other end has both by then, and this one the one for packets that come in.
        try await heard.wait(forPrefix: "association-added")
        try sites.expectProtected()

        let first = try sites.spis(0)
        #expect(first.count == 2)
        try await sites.expectProtected {
          try await eventually("they are not renewed") {
            try sites.spis(0).isDisjoint(with: first) && sites.spis(1).isDisjoint(with: first)
          }
        }
        try heard.drain()
        #expect(
          heard.lines.contains { line in
            first.contains { line == "association-expired \($0) soft" }
          })
        #expect(!heard.lines.contains { $0.hasSuffix("hard") })

        try await eventually("they are still being renewed") {
          try sites.spis(0) == sites.spis(1) && sites.spis(0).count == 2
        }
        try await other.kill()
        let outgoing = try #require(
          Listings(sites.tools[0]).associations.first { $0.source == "192.0.2.1" })
        let spi = SPI(rawValue: outgoing.spi)
        let flow = try sites.lab.flow(from: "host-a", to: "host-b")
        let flood = try Flood(flow, ports: [7001], perSecond: 1_000)
        try await heard.wait(for: ["association-expired \(spi) hard"])
        #expect(flood.stop() > 0)
        // charon's policy asks for it by its SPI: a larval SA that has it may be in its place.
        try await eventually("an SA stays that has expired") {
          try !Listings(sites.tools[0]).associations.contains {
            $0.spi == outgoing.spi && $0.aead != nil
          }
        }
        withExtendedLifetime(charon) {}
      }
    }

    /// What charon's policies are for at the first gateway.
    private static let routes = [
      "out 10.1.0.0/24 → 10.2.0.0/24", "in 10.2.0.0/24 → 10.1.0.0/24",
      "fwd 10.2.0.0/24 → 10.1.0.0/24",
    ]

    private func expectSame(_ tool: PrivateTool, _ charon: Charon) async throws {
      let (kernel, charon) = (try Listings(tool), try await CharonListings(charon))
      #expect(kernel.associations == charon.associations)
      #expect(kernel.associations.count == 2)
      #expect(Set(kernel.policies.map { "\($0.route) \($0.priority)" }) == charon.policies)
      #expect(kernel.policies.count == 3)
      #expect(kernel.isCoherent)
    }
  }
}
