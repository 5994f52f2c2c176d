import TestSupport
import Testing
import XFRMKit
import XFRMLab

extension Kernel {
  /// `explain packet` works out what the kernel then does.
  @Suite("The lookup of packets", .timeLimit(.minutes(10)))
  struct LookupTests {
    private static let configurations = Bed.isEmulated ? 3 : 50
    private static let packets = 125

    @Test("agrees with the kernel about policies")
    func policies() throws {
      let count = Self.compare(Self.configurations, hasSAs: false)
      print("lookup of policies: \(try count.get())")
      try Self.expect(count.get(), [])
    }

    @Test("agrees with the kernel about policies and SAs", Bed.needsESP)
    func associations() throws {
      let count = Self.compare(Self.configurations, hasSAs: true)
      print("lookup of policies and SAs: \(try count.get())")
      try Self.expect(count.get(), ["protected"])
    }

    @Test(
      "and a rule that is not the kernel's would be noticed",
      arguments: Bed.isEmulated
        ? [LookupFault.longestPrefix] : [.newestPolicy, .longestPrefix, .ignoredMark])
    func control(_ fault: LookupFault) throws {
      try Self.expectNoticed(fault, hasSAs: false)
    }

    @Test("nor is the oldest SA taken for the newest", Bed.needsESP, Bed.needsSpeed)
    func associationControl() throws { try Self.expectNoticed(.oldestAssociation, hasSAs: true) }

    private static func expectNoticed(_ fault: LookupFault, hasSAs: Bool) throws {
      let tally = try compare(min(12, configurations), hasSAs: hasSAs, fault).get()
      print("\(fault): \(tally)")
      #expect(!tally.differences.isEmpty)
    }

    private static func compare(
      _ configurations: Int, hasSAs: Bool, _ fault: LookupFault? = nil
    ) -> Result<LookupComparison.Tally, any Error> {
      Result {
        var comparison = try LookupComparison(seed: hasSAs ? 2 : 1, hasSAs: hasSAs, fault: fault)
        for _ in 0..<configurations { try comparison.tryOne(packets: packets) }
        return comparison.tally
      }
    }

    private static func expect(_ tally: LookupComparison.Tally, _ more: [String]) {
      #expect(tally.differences.isEmpty, "\(tally.differences.prefix(5).joined(separator: "\n"))")
      #expect(tally.packets == configurations * packets)
      // Of everything that can become of a packet there was enough, where there were enough packets.
      guard configurations == 50 else { return }
      for fate in ["clear", "blocked", "blocked by default", "without an SA"] + more {
        #expect(tally.fates[fate, default: 0] > 50, "\(fate)")
      }
    }
  }
}
