import TestSupport
import Testing
import XFRMKit

@testable import HostReadiness

/// The kernel that the tests run on, asked in namespaces of their own.
@Suite(.enabled("probing takes a private namespace") { (try? NetworkNamespace.create()) != nil })
struct LiveNetworkTests {
  private func outcome(_ probe: KernelProbe?) throws -> ProbeOutcome {
    var session = try ProbeSession(try NetworkNamespace.create())
    let question = try #require(probe)
    return question.ask(&session)
  }

  private func probe(_ id: CheckID) -> KernelProbe? {
    CheckDefinition.all.first { $0.id == id }?.probe
  }

  /// What the kernel says it was built with must work; of modules nothing is expected.
  @Test(
    arguments: [
      ("route.rules.v4", ["IP_MULTIPLE_TABLES"]), ("route.rules.v6", ["IPV6_MULTIPLE_TABLES"]),
      ("route.advanced", ["IP_MULTIPLE_TABLES"]),
      ("nf.policy", ["NETFILTER_XT_MATCH_POLICY", "NFT_COMPAT"]),
      ("nf.nft-xfrm", ["NFT_XFRM", "NF_TABLES_IPV4"]),
      ("nf.nat", ["NETFILTER_XT_TARGET_MASQUERADE", "NFT_COMPAT"]),
      ("nf.tcp-mss", ["NETFILTER_XT_TARGET_TCPMSS", "NFT_COMPAT"]),
      ("nf.matches", FilterNeed.matches.map(\.module.option) + ["NFT_COMPAT"]),
      (
        "nf.legacy-tables",
        LegacyTable.all.map(\.module.option) + ["IP_NF_IPTABLES_LEGACY", "IP6_NF_IPTABLES_LEGACY"]
      ),
    ] as [(CheckID, [String])])
  func whatIsBuiltInWorks(id: CheckID, options: [String]) async throws {
    let configuration = try await onOrdinaryThread {
      var failures: [FileError] = []
      return KernelConfiguration(
        FileTree(root: "/"), release: SystemIdentity.current.release, failures: &failures)
    }
    guard let configuration, options.allSatisfy({ configuration[$0] == .builtIn }) else { return }
    let outcome = try outcome(probe(id))
    #expect(outcome.works, "\(outcome)")
  }

  @Test func whatThereIsNotIsNotFound() throws {
    let nobody = FilterNeed(item: .match("xfrmctl"), module: .xtPolicy)
    switch try outcome(.extensions([nobody, nobody])) {
    case .different(_, let difference): #expect(difference == "xfrmctl, xfrmctl")
    case .refused(let error): #expect(error.failure.errno != .noSuchFile)  // no netfilter at all
    case let outcome: Issue.record("\(outcome)")
    }
    let rule = try outcome(.rule(.unknown("xfrmctl"), in: .regular))
    #expect(rule.denial != nil, "\(rule)")
  }

  @Test(arguments: ["route.rules.v4", "route.rules.v6", "route.advanced"] as [CheckID])
  func nothingIsLeftInTheNamespace(id: CheckID) throws {
    var session = try ProbeSession(try NetworkNamespace.create())
    let question = try #require(probe(id))
    // What had been left would be in the way of the second.
    let first = question.ask(&session)
    let second = question.ask(&session)
    #expect(first.works == second.works)
    #expect(try session.route.addresses().isEmpty)
    #expect(try session.route.routes().isEmpty)
    #expect(try session.route.links().allSatisfy { !$0.isUp })
  }

  @Test func theReportForAlgoAgreesWithItself() async throws {
    var options = CheckOptions()
    options.profile = Profile(.algo)
    let report = try await onOrdinaryThread { [options] in check(options: options) }
    for check in report.checks {
      #expect(check.summary.count <= 38 && !check.summary.isEmpty, "\(check.id): \(check.summary)")
      #expect((check.status == .pass) == (check.cause == nil), "\(check.id): \(check.summary)")
    }
    #expect(report["udp.port500"]?.status != .absent)
    #expect(report["route.default"]?.status != .unknown)
  }
}
