import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// Where `xfrmctl ip` does not do what iproute2's `ip` does, and that this does what it is said to.
  @Suite("ip, differently")
  struct IPDifferenceTests {
    @Test("state deleteall has no limit")
    func manyAssociations() async throws {
      // Reserved SPIs are SAs that need no ESP.
      let reserve = "xfrm state allocspi dst 10.0.0.2 proto esp"
      let batch = (1000..<1150).map { "\(reserve) min \($0) max \($0)\n" }.joined()
      for (program, status, count) in [("$XFRMCTL ip", 0, 0), ("ip", 1, 150)] {
        let site = try IPSite()
        try await site.keepReservations()
        let reserved = try await site.run("$XFRMCTL ip -b - >/dev/null", input: batch)
        #expect(reserved.status == 0, "\(reserved.complaint)")
        let outcome = try await site.run("\(program) xfrm state deleteall")
        #expect(Int(outcome.status) == status)
        #expect(try site.databases().associations.count == count)
      }
    }

    @Test("policy deleteall deletes sub policies, too, at which iproute2 ends")
    func subPolicies() async throws {
      for (program, status, isEmpty) in [("$XFRMCTL ip", 0, true), ("ip", 1, false)] {
        let site = try IPSite()
        for kind in ["main", "sub"] {
          let added = try await site.run("ip xfrm policy add dir in ptype \(kind)")
          #expect(added.status == 0, "\(added.complaint)")
        }
        let outcome = try await site.run("\(program) xfrm policy deleteall")
        #expect(Int(outcome.status) == status)
        #expect(try site.databases().policies.isEmpty == isEmpty)
      }
    }

    @Test("a context has the kernel's limit, and none is written past a buffer")
    func contexts() async throws {
      let site = try IPSite()
      let long = String(repeating: "a", count: 300)
      let overlong = String(repeating: "a", count: 4200)
      let outcomes = try site.xfrmctl(
        [long, overlong].map { ["xfrm", "policy", "add", "dir", "in", "ctx", $0] })
      // Whether a context of that length is one is the kernel's to say.
      #expect([0, 2].contains(outcomes[0].status), "\(outcomes[0].complaint)")
      #expect(outcomes[1].status == 255)
      #expect(outcomes[1].complaint == "Error: the security context is too long\n")
    }
  }
}
