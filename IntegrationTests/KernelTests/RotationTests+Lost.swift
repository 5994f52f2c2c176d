import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

/// What is needed for a rotation is lost, or gone by the time of its step.
extension Kernel.RotationTests {
  @Test("with no history a rotation stays where it is, and goes on", arguments: 0...3)
  func lostHistory(phases: Int) async throws {
    try await ends.makeKeys()
    for phase in RotationPhase.allCases[..<phases] {
      for node in [ends.a, ends.b] { try ends.rotate(node, phase) }
    }
    let before = try ends.generations()
    try await ends.spoil("rm -r \"$1\"/history*")
    let refused = try await ends.rotate(ends.a, "--phase inbound", status: 1)
    #expect(refused.complaint.contains("is not in the history any more"))
    // Known by SAs and policies: nothing of it changes.
    let applied = try await ends.run(ends.a, "apply \(ends.file(ends.a))")
    #expect(applied.output.hasPrefix("nothing to do"))
    #expect(applied.output.unwrapped.contains("is not in the history any more"))
    #expect(try ends.generations() == before)
    try await ends.run(ends.a, "drift --exit-code")
    for phase in RotationPhase.allCases[phases...] {
      for node in [ends.a, ends.b] { try ends.rotate(node, phase) }
    }
    #expect(try ends.generations() == ["2"])
    #expect(try ends.flow.sendDatagrams(20).delivered == 20)
  }

  @Test(
    "where keys in use are lost others are made above them, and are gone on to",
    arguments: ["rm \"$1\"/keys/link.1.keys", "echo >\"$1\"/keys/link.1.keys"])
  func lostKeys(spoil: String) async throws {
    var xfrm = try ends.a.xfrm()
    let old = Set(try xfrm.associations().map(\.spi))
    let requestIDs = Set(try xfrm.associations().map(\.requestID))
    try await ends.spoil(spoil)
    let refused = try await ends.run(ends.a, "apply \(ends.file(ends.a))", status: 65).complaint
    #expect(refused.unwrapped.contains("xfrmctl keys new link, xfrmctl rotate link"))
    try await ends.makeAndCarryKeys()
    // Newer ones alone switch nothing.
    try await ends.run(ends.a, "apply \(ends.file(ends.a))", status: 65)
    #expect(Set(try xfrm.associations().map(\.spi)) == old)
    #expect(try ends.flow.sendDatagrams(20).delivered == 20)
    // As the other end takes them in, and sends with them next.
    try ends.rotate(ends.b, .inbound)
    try await ends.rotate(ends.a, "--grace 20ms")
    for phase in [RotationPhase.outbound, .retire] { try ends.rotate(ends.b, phase) }
    #expect(try ends.generations() == ["2"])
    #expect(Set(try xfrm.associations().map(\.requestID)) == requestIDs)
    #expect(try ends.flow.sendDatagrams(20).delivered == 20)
    try await ends.run(ends.a, "drift --exit-code")
  }

  @Test("an old SA that is gone when it is to go stops nothing", arguments: [0, 1])
  func goneAtItsEnd(victim: Int) async throws {
    try await ends.makeKeys()
    var xfrm = try ends.a.xfrm()
    let old = Set(try xfrm.associations().map(\.spi))
    for phase in [RotationPhase.inbound, .outbound] {
      for node in [ends.a, ends.b] { try ends.rotate(node, phase) }
    }
    let retiring = Task { try await ends.rotate(ends.a, "--phase retire --grace 4s") }
    try await Task.sleep(for: .seconds(2))
    let gone = try xfrm.associations().filter { old.contains($0.spi) }
      .sorted { $0.spi.rawValue < $1.spi.rawValue }
    try #require(gone.count == 2, "it was not in time")
    try xfrm.perform(.deleteAssociation(gone[victim].id))
    let retired = try await retiring.value
    // It was planned with both.
    #expect(retired.output.contains("link/out#1") && retired.output.contains("link/in#1"))
    #expect(try ends.generations() == ["2"])
    #expect(try xfrm.associations().count == 2)
    #expect(try await ends.run(ends.a, "recover").output.hasPrefix("nothing to do"))
    try ends.rotate(ends.b, .retire)
    #expect(try ends.flow.sendDatagrams(20).delivered == 20)
  }
}
