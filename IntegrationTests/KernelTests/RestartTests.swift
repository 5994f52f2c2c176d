import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// One end of a connection starts anew, and the other does not.
  @Suite("One end that starts anew", Bed.needsESP, Bed.needsSpeed)
  struct RestartTests {
    private static let boot = "5b0a9f3e-0000-4000-8000-000000000002"

    /// A connection through which more packets went than a window has places.
    private func used(_ proposal: String) async throws -> RotatingEnds {
      let ends = try await RotatingEnds(proposal)
      for flow in [ends.flow, ends.flow.reversed] {
        #expect(try flow.sendDatagrams(100).delivered == 100)
      }
      return ends
    }

    @Test(
      "is refused its old keys, drops meanwhile, and comes back with new ones as the documents say",
      arguments: ["aes256gcm16", "aes256-sha256"])
    func newKeys(proposal: String) async throws {
      let ends = try await used(proposal)
      let file = ends.file(ends.a)
      var xfrm = try ends.a.xfrm()
      try xfrm.flushPolicies()
      try xfrm.flushAssociations()
      try await ends.run(ends.a, "apply \(file) --guards", boot: Self.boot)
      let guards = try xfrm.policies()
      let refused = try await ends.run(ends.a, "apply \(file)", status: 1, boot: Self.boot)
      #expect(refused.complaint.contains("this host has started anew since"))
      #expect(refused.complaint.contains("`xfrmctl keys new link`"))
      #expect(refused.complaint.contains("`xfrmctl rotate link`"))
      #expect(try xfrm.policies() == guards && xfrm.associations().isEmpty)
      let capture = try PacketCapture(on: ends.a, interface: RotatingEnds.interface)
      #expect(throws: (any Error).self) { try ends.flow.sendDatagrams(20, patience: 100) }
      #expect(capture.stop()[.clear] == 0)

      try await ends.makeKeys()
      try await ends.run(ends.a, "apply \(file)", boot: Self.boot)
      try await ends.run(ends.b, "rotate link --grace 20ms")
      for flow in [ends.flow, ends.flow.reversed] {
        #expect(try flow.sendDatagrams(20).delivered == 20)
      }
      try await ends.run(ends.a, "drift --exit-code", boot: Self.boot)
    }

    @Test("control: with its old keys nothing that it sends would be taken")
    func oldKeys() async throws {
      let ends = try await used("aes256-sha256")
      var xfrm = try ends.a.xfrm()
      var old = try xfrm.associations()
      try xfrm.flushAssociations()
      for index in old.indices {
        old[index].extendedReplayState = old[index].extendedReplayState.map {
          ExtendedReplayState(window: $0.window)
        }
        (old[index].replayState, old[index].usage) = (nil, Usage())
        try xfrm.add(old[index])
      }
      #expect(try ends.flow.sendDatagrams(20, patience: 100).delivered == 0)
      #expect(try ends.flow.reversed.sendDatagrams(20).delivered == 20)
      var other = try ends.b.xfrm()
      let errors = try other.associations().map {
        $0.statistics.replayed + $0.statistics.outsideReplayWindow + $0.statistics.integrityFailed
      }
      #expect(errors.contains { $0 >= 20 }, "\(errors)")
    }
  }
}
