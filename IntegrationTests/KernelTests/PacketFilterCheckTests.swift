import Dispatch
import HostReadiness
import Testing

extension Kernel {
  /// What a guest with a whole kernel, all in modules, is found to have.
  @Suite("The check of routes and the packet filter")
  struct PacketFilterCheckTests {
    private let probed: [CheckID] = [
      "route.rules.v4", "route.rules.v6", "route.advanced", "nf.policy", "nf.nat",
      "nf.matches", "nf.tcp-mss",
    ]

    @Test("finds what a kernel has as modules", .enabled(if: Bed.name == "uml", "is about uml"))
    func all() async throws {
      try await Modules.loadIPv6()
      let report = await check(loadsModules: true)
      // Of this kernel ip_tables comes with the match for ICMP, too.
      for id in probed + ["nf.legacy-tables"] {
        let check = try #require(report[id])
        #expect(check.status == .pass, "\(id): \(check.summary), \(check.cause ?? "")")
      }
      // It has nf_tables, but for bridges only.
      #expect(report["nf.nft-xfrm"]?.summary == "no nf_tables for IPv4")
      // Nothing has been made where it counts.
      #expect(report["nf.backend"]?.summary == "no rules yet")
    }

    @Test("loads nothing when it is not to", .enabled(if: Bed.name == "uml", "is about uml"))
    func nothingLoaded() async throws {
      try await Modules.loadIPv6()
      let before = try Modules.loaded()
      let report = await check(loadsModules: false)
      #expect(try Modules.loaded() == before)
      let silent = report.checks.filter { $0.summary == "not asked: might load modules" }
      #expect(silent.map(\.id).contains("nf.policy"))
      #expect(silent.allSatisfy { $0.status == .unknown })
    }

    private func check(loadsModules: Bool) async -> ReadinessReport {
      var options = CheckOptions()
      options.profile = Profile(.algo)
      options.loadsModules = loadsModules
      return await withCheckedContinuation { [options] continuation in
        DispatchQueue(label: "check").async {
          continuation.resume(returning: HostReadiness.check(options: options))
        }
      }
    }
  }
}
