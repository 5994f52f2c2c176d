import Testing
import XFRMKit

extension Kernel {
  /// What comes in, or is to be forwarded, meets what the lookup says.
  @Suite("The lookup of packets that come in", .timeLimit(.minutes(10)))
  struct ArrivalTests {
    private static let configurations = Bed.isEmulated ? 3 : Bed.name == "uml" ? 16 : 100
    private static let packets = 125

    @Test("agrees with the kernel about packets in clear")
    func clear() throws {
      let tally = try Self.compare(Self.configurations, hasSAs: false)
      print("arrivals in clear: \(tally)")
      Self.expect(tally, ["clear", "XfrmInPolBlock", "XfrmInNoPols", "XfrmInTmplMismatch"])
    }

    @Test("agrees with the kernel about what came through SAs", Bed.needsESP)
    func protected() throws {
      let tally = try Self.compare(Self.configurations, hasSAs: true)
      print("arrivals through SAs: \(tally)")
      Self.expect(
        tally,
        [
          "clear", "protected", "XfrmInPolBlock", "XfrmInNoPols", "XfrmInTmplMismatch",
          "XfrmInStateMismatch",
        ])
    }

    @Test(
      "and a rule that is not the kernel's would be noticed",
      arguments: [LookupFault.newestPolicy, .longestPrefix, .ignoredMark, .nothingOptional])
    func control(_ fault: LookupFault) throws { try Self.expectNoticed(fault, hasSAs: false) }

    @Test(
      "as would one about SAs", Bed.needsESP, Bed.needsSpeed,
      arguments: [LookupFault.ignoredRequestID, .outermostFirst, .ignoredSelectorOfAssociation])
    func associationControl(_ fault: LookupFault) throws {
      try Self.expectNoticed(fault, hasSAs: true)
    }

    private static func expectNoticed(_ fault: LookupFault, hasSAs: Bool) throws {
      let tally = try compare(hasSAs ? 8 : 3, hasSAs: hasSAs, fault)
      print("\(fault): \(tally)")
      #expect(!tally.differences.isEmpty)
    }

    private static func compare(
      _ configurations: Int, hasSAs: Bool, _ fault: LookupFault? = nil
    ) throws -> LookupComparison.Tally {
      var comparison = try ArrivalComparison(seed: 3, hasSAs: hasSAs, fault: fault)
      for _ in 0..<configurations { try comparison.tryOne(packets: packets) }
      return comparison.tally
    }

    private static func expect(_ tally: LookupComparison.Tally, _ fates: [String]) {
      #expect(tally.differences.isEmpty, "\(tally.differences.prefix(5).joined(separator: "\n"))")
      #expect(tally.packets == configurations * packets)
      guard !Bed.isEmulated else { return }
      // Of everything that can become of a packet there was enough, where there were enough packets.
      for fate in fates { #expect(tally.fates[fate, default: 0] > 20, "\(fate)") }
    }
  }
}
