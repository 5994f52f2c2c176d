import TestSupport
import Testing
import XFRMKit

@testable import HostReadiness

@Suite struct CatalogueTests {
  /// Names are for scripts: they do not change. Which are new is seen in the fixture's history.
  @Test func namesAndOrder() {
    let names = CheckDefinition.all.map(\.id.rawValue)
    let pinned = FixtureFile.lines(of: "catalogue.txt").map(String.init)
    #expect(names.difference(from: pinned).map { "\($0)" } == [])
    #expect(Set(names).count == names.count)
  }

  @Test func groupsStayTogether() {
    let groups = CheckDefinition.all.map(\.group)
    let order = Check.Group.allCases
    #expect(groups == groups.sorted { order.firstIndex(of: $0)! < order.firstIndex(of: $1)! })
  }

  @Test func dependenciesComeFirst() {
    var seen: Set<CheckID> = []
    for definition in CheckDefinition.all {
      #expect(seen.isSuperset(of: definition.dependsOn), "\(definition.id)")
      seen.insert(definition.id)
    }
    #expect(CheckDefinition.all.contains { !$0.dependsOn.isEmpty })
  }

  @Test(arguments: Scenario.all)
  func summariesAreShortAndEverythingElseIsExplained(scenario: Scenario) {
    for check in Use.allCases.flatMap({ scenario.report(Profile($0)).checks }) {
      #expect(check.summary.count <= 38 && !check.summary.isEmpty, "\(check.id): \(check.summary)")
      if check.status == .pass {
        #expect(check.cause == nil, "\(check.id)")
      } else {
        #expect(check.cause != nil, "\(check.id): \(check.summary)")
      }
      #expect(Set(check.evidence).count == check.evidence.count, "\(check.id)")
    }
  }
}

/// A host and a kernel.
struct Scenario: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var changes: [String: String?] = [:]
  var kernel = SyntheticKernel.capable

  var report: ReadinessReport { report(.bothFamilies) }

  func report(_ profile: Profile) -> ReadinessReport {
    HostReadinessTests.report(Sample.host(changes), kernel, profile)
  }

  static let all = [
    Scenario(testDescription: "all works"),
    Scenario(
      testDescription: "not on disk", changes: ["/lib/modules/": nil],
      kernel: SyntheticKernel.withoutESP()),
    Scenario(
      testDescription: "nothing known", changes: ["/": nil], kernel: SyntheticKernel.withoutESP()),
    Scenario(
      testDescription: "no index", changes: ["\(Sample.modules)/modules.dep": nil],
      kernel: SyntheticKernel.withoutESP()),
    Scenario(testDescription: "not loaded", kernel: SyntheticKernel.withoutESP()),
    Scenario(
      testDescription: "blocked", changes: ["/etc/modprobe.d/a.conf": "install esp* /bin/false\n"],
      kernel: SyntheticKernel.withoutESP()),
    Scenario(testDescription: "no GCM", kernel: SyntheticKernel.withoutGCM),
    Scenario(testDescription: "no interface", kernel: SyntheticKernel.withoutInterface),
    Scenario(testDescription: "no privileges", kernel: SyntheticKernel.aloof),
    Scenario(testDescription: "not asked", kernel: ProbeResults()),
    Scenario(
      testDescription: "no IPv6", changes: ["/proc/net/if_inet6": nil],
      kernel: SyntheticKernel.withoutESP(.ipv6)),
  ]
}
