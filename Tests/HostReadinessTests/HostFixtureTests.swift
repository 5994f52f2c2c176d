import TestSupport
import Testing

@testable import HostReadiness

/// What is said of hosts of all kinds: ``HostFixture`` tells how to add one.
@Suite struct HostFixtureTests {
  @Test(arguments: HostFixture.all)
  func everyHostIsSeenForWhatItIs(host: HostFixture) {
    let report = host.report
    for (group, lines) in host.expected {
      let differences = host.differences(report, in: group, lines)
      #expect(differences.isEmpty, "\(differences)")
    }
    if let verdict = host.verdict {
      #expect("\(report.verdict)" == verdict, "\(report.firstFailure?.id.rawValue ?? "nothing")")
    }
  }

  @Test func differencesAreNoticed() throws {
    let host = HostFixture("debian-12")
    let report = host.report
    let (group, lines) = try #require(host.expected.first)
    #expect(host.differences(report, in: group, lines) == "")
    #expect(host.differences(report, in: group, Array(lines.dropLast())).contains("\n+ "))
    #expect(host.differences(report, in: group, lines + ["a.b pass"]).contains("\n- a.b pass"))
    let another = lines.map { $0.replacing(" pass", with: " fail") }
    #expect(host.differences(report, in: group, another).contains("\n- "))
    #expect(host.differences(report, in: group, lines.map { "\($0) otherwise" }) != "")
  }
}
