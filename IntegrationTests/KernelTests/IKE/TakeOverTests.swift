import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// SAs that strongSwan has made, in the hands of XFRMKit.
  @Suite("Taking over from charon", Bed.needsESP, Bed.needsSpeed, Charon.isNeeded)
  struct TakeOverTests {
    @Test("SAs are made anew from what was read, go on where they were, and charon takes them back")
    func takeOver() async throws {
      let sites = try IKESites()
      let near = try await sites.charon(0)
      let far = try await sites.charon(1)
      try await near.initiate()
      for _ in 0..<5 { try sites.expectProtected() }
      // Nobody tells the other end, and what it has made stays in the kernel.
      try await far.kill()
      var xfrm = try XFRMClient(in: sites.tools[1].namespace)
      let associations = try xfrm.associations()
      let policies = try xfrm.policies().filter { !$0.direction.isOfSocket }
      #expect(associations.count == 2 && policies.count == 3)
      var checkpoints: [AssociationCheckpoint] = []
      for association in associations {
        checkpoints.append(try xfrm.checkpoint(of: association.id))
      }

      try xfrm.flushAssociations()
      try xfrm.flushPolicies()
      try sites.lab.send(from: "host-a", to: "host-b", patience: 200).expectDropped()
        .expectRaised("XfrmInNoStates", on: "gateway-b")

      // With the same keys alone it begins at 1 again, where the other end has long been.
      for var association in associations {
        association.replayState = nil
        association.extendedReplayState = nil
        try xfrm.add(association)
      }
      for policy in policies { try xfrm.add(policy) }
      try sites.lab.send(from: "host-b", to: "host-a", patience: 200).expectDropped()
        .expectRaised("XfrmInStateSeqError", on: "gateway-a")

      for var checkpoint in checkpoints {
        checkpoint.usage = nil
        try xfrm.perform(.setCheckpoint(checkpoint))
      }
      #expect(try sequences(&xfrm) == [50, 50])
      for _ in 0..<3 { try sites.expectProtected() }
      // The other end has sent ten more, which nobody took.
      #expect(try sequences(&xfrm) == [80, 90])
      #expect(try sites.spis(0) == sites.spis(1))

      // Who negotiates anew finds policies, and makes them its own.
      let again = try await sites.charon(1)
      try await again.initiate()
      try sites.expectProtected()
      let made = try await CharonListings(again).associations
      let used = try xfrm.associations().filter { $0.usage.packets > 0 }.map(ListedAssociation.init)
      #expect(made.count == 2 && made.isSubset(of: used))
      withExtendedLifetime(near) {}
    }

    /// The last sequence number of each SA, whichever way it goes, the lowest first.
    private func sequences(_ xfrm: inout XFRMClient) throws -> [UInt64] {
      var sequences: [UInt64] = []
      for association in try xfrm.associations() {
        let state = try xfrm.checkpoint(of: association.id)
        let (sent, received) =
          state.extendedReplayState.map { ($0.outgoingSequence, $0.incomingSequence) }
          ?? state.replayState.map { (UInt64($0.outgoingSequence), UInt64($0.incomingSequence)) }
          ?? (0, 0)
        sequences.append(max(sent, received))
      }
      return sequences.sorted()
    }
  }
}
