import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

extension Kernel.ManagerTests {
  @Test(
    "old SAs stay until it is confirmed, and the way back adds none",
    .enabled(if: Bed.hasESP, "needs ESP"), Bed.needsSpeed)
  func keptAssociations() async throws {
    // One connection after another for the same traffic, each with SAs of its own.
    func file(_ name: String) throws -> String {
      try write(
        """
        connections:
          - name: \(name)
            kind: host-to-host
            local: {address: 192.0.2.1}
            remote: {address: 198.51.100.2}
            proposal: aes256gcm16
        """, "\(name).yaml")
    }
    let (a, b, c) = (try file("a"), try file("b"), try file("c"))
    for (file, name) in [(a, "a"), (b, "b"), (c, "c")] { try await newKeys(file, name) }
    try await run("apply \(a)")
    let first = try spis()
    #expect(first.count == 2)

    // Nobody confirms.
    try await run("apply \(b) --confirm \(Bed.soon)s")
    #expect(try spis().isStrictSuperset(of: first) && spis().count == 4)
    #expect(try first.isDisjoint(with: pinned()))
    try await eventually("it does not go back") { try spis() == first }
    #expect(try pinned().isSubset(of: first))
    try await waitForNoGuard()
    try await run("drift --exit-code")
    // Its keys were used.
    #expect(try await run("apply \(b)", status: 1).complaint.contains("keys new"))
    try await run("recover")
    #expect(try spis() == first)

    // Somebody does.
    try await newKeys(b, "b")
    try await run("apply \(b) --confirm 60s")
    // Old SAs wait with it.
    try await run("drift --exit-code")
    try await run("confirm")
    let second = try spis()
    #expect(second.count == 2 && second.isDisjoint(with: first))
    #expect(try pinned().isSubset(of: second))
    try await waitForNoGuard()

    // A new one that is gone does not come back: the deadline stays, and leads back.
    var xfrm = try XFRMClient(in: tool.namespace)
    try await run("apply \(c) --confirm \(Bed.soon)s")
    let lost = try #require(try xfrm.associations().first { !second.contains($0.spi) })
    try xfrm.perform(.deleteAssociation(lost.id))
    #expect(try await run("confirm", status: 1).complaint.contains("c/"))
    #expect(try await run("status").output.contains("unconfirmed"))
    try await eventually("it does not go back") { try spis() == second }
    #expect(try pinned().isSubset(of: second))
    try await waitForNoGuard()
    try await newKeys(c, "c")

    // There is no way back where an old one is gone.
    try await run("apply \(c) --confirm 60s")
    let victim = try #require(try xfrm.associations().first { second.contains($0.spi) })
    try xfrm.perform(.deleteAssociation(victim.id))
    let refused = try await run("rollback", status: 1).complaint
    #expect(refused.contains("there is no way back") && refused.contains("xfrmctl keys new b"))
    try await run("confirm")
    #expect(try spis().isDisjoint(with: second))
  }

  private func newKeys(_ file: String, _ name: String) async throws {
    let outcome = try await tool.run(
      "keys new \(name) --config \(file) --directory \(temporary.path)/state/keys")
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  private func spis() throws -> Set<SPI> {
    var xfrm = try XFRMClient(in: tool.namespace)
    return Set(try xfrm.associations().map(\.spi))
  }

  private func pinned() throws -> Set<SPI> {
    Set(try policies().flatMap(\.templates).map(\.spi).filter { $0.rawValue != 0 })
  }
}
