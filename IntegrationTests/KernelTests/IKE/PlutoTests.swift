import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// libreswan at both ends, or at one.
  @Suite("pluto", Bed.needsESP, Bed.needsSpeed, Pluto.isNeeded)
  struct PlutoTests {
    @Test("a tunnel is listed as pluto has it, from its making through a rekeying to its end")
    func life() async throws {
      let sites = try IKESites()
      try await Announcements.hear(sites.tools[0]) { heard in
        let plutos = [try await sites.pluto(0), try await sites.pluto(1)]
        #expect(try Listings(sites.tools[0]).associations.isEmpty)
        try await plutos[0].initiate()
        try sites.expectProtected()
        for (tool, pluto) in zip(sites.tools, plutos) { try await expectSame(tool, pluto) }

        let before = try sites.spis(0)
        #expect(before == (try sites.spis(1)) && before.count == 2)
        try await Listings(sites.tools[0]).expectTold(by: sites.tools[0])
        try await sites.expectProtected {
          try await plutos[0].rekey()
          try await eventually("the old SAs stay") {
            try sites.spis(0).isDisjoint(with: before) && sites.spis(1).isDisjoint(with: before)
          }
        }
        let after = try sites.spis(0)
        #expect(after.count == 2)
        for (tool, pluto) in zip(sites.tools, plutos) { try await expectSame(tool, pluto) }

        try await plutos[0].terminate()
        try await eventually("SAs stay") { try sites.spis(0).isEmpty && sites.spis(1).isEmpty }
        try await heard.wait(for: before.union(after).map { "association-deleted \($0)" })
      }
    }

    @Test(
      "charon and pluto understand each other, and each renews what is the other's, too",
      Charon.isNeeded)
    func withCharon() async throws {
      let sites = try IKESites()
      let charon = try await sites.charon(0)
      let pluto = try await sites.pluto(1)
      try await charon.initiate()
      try sites.expectProtected()
      for rekey in [charon.rekey, pluto.rekey] {
        let before = try sites.spis(0)
        #expect(before == (try sites.spis(1)) && before.count == 2)
        try await sites.expectProtected {
          try await rekey()
          try await eventually("the old SAs stay") {
            try sites.spis(0).isDisjoint(with: before) && sites.spis(1).isDisjoint(with: before)
          }
        }
      }
      let (kernel, told) = (
        try Listings(sites.tools[0]), try await CharonListings(charon)
      )
      #expect(kernel.associations == told.associations && kernel.associations.count == 2)
      try await expectSame(sites.tools[1], pluto)
    }

    /// Compares SPIs, bytes and algorithms; it tells of no more.
    private func expectSame(_ tool: PrivateTool, _ pluto: Pluto) async throws {
      let kernel = try Listings(tool)
      let states = try await pluto.states()
      let told = states.matches(of: /esp\.([0-9a-f]+)@([0-9.]+)/).map { "\($0.1) \($0.2)" }
      #expect(
        Set(told)
          == Set(kernel.associations.map { "\(String($0.spi, radix: 16)) \($0.destination)" }),
        "\(states)")
      #expect(told.count == 2)
      for association in kernel.associations {
        #expect(association.mode == "tunnel" && association.requestID != 0)
        #expect(association.aead == .init(name: "rfc4106(gcm(aes))", keyBytes: 36, checkBits: 128))
      }
      #expect(try pluto.log().contains { $0.contains("xfrm=AES_GCM_16_256-NONE") })
      #expect(kernel.protecting.count == 3 && kernel.isCoherent)

      let traffic = try await pluto.traffic()
      let match = try #require(traffic.firstMatch(of: /inBytes=(\d+), outBytes=(\d+)/))
      var xfrm = try XFRMClient(in: tool.namespace)
      let associations = try xfrm.associations()
      let bytes = Set(associations.map { "\($0.usage.bytes)" })
      #expect(bytes == [String(match.1), String(match.2)], "\(traffic)")
    }
  }
}
