import Testing
import XFRMKit

@testable import HostReadiness
@testable import xfrmctl

/// `xfrmctl check report`
@Suite struct MatrixTests {
  private func document(
    _ name: String, _ kernel: ProbeResults, _ changes: [String: String?] = [:]
  ) -> CheckJSON {
    var report = report(HostReadinessTests.Sample.host(changes), kernel, .bothFamilies)
    report.host.hostname = name
    return CheckJSON(report, nil)
  }

  private var hosts: [CheckJSON] {
    let loaded = ["/proc/modules": "xfrm_user 1 0\nesp4 1 0\nesp6 1 0\n"]
    return [
      document("ready", SyntheticKernel.capable, loaded),
      document("half", SyntheticKernel.withoutESP(.ipv6)),
      document("silent", ProbeResults()),
      document("none-b", SyntheticKernel.withoutESP()),
      document("none-a", SyntheticKernel.withoutESP()),
    ]
  }

  @Test func theWorstComesFirst() {
    let matrix = Matrix(hosts)
    #expect(matrix.hosts.map(\.host.name) == ["none-a", "none-b", "half", "silent", "ready"])
    #expect(matrix.summary == "5 hosts: 3 NOT READY, 1 UNKNOWN, 1 READY")
    #expect(Matrix(hosts.reversed()).hosts.map(\.host.name) == matrix.hosts.map(\.host.name))
  }

  @Test func differencesStandOut() {
    let matrix = Matrix(hosts.filter { $0.host.name.hasPrefix("none") || $0.host.name == "half" })
    #expect(matrix.parts.map(\.title) == ["Where hosts differ", "Where all are alike"])
    // Modules' own state is known from the files of all three: only what takes ESP over IPv4 differs.
    let differing = matrix.parts.first?.rows.map(\.id) ?? []
    for id in ["xfrm.esp4", "xfrm.esp4.gcm", "xfrm.esp4.transport", "xfrm.natt.v4", "mod.esp4"] {
      #expect(differing.contains(id), "\(id)")
    }
    for id in ["xfrm.netlink", "xfrm.esp6", "xfrm.esp6.gcm", "mod.esp6", "mod.xfrm_user"] {
      #expect(!differing.contains(id), "\(id)")
    }
    #expect(matrix.rows.first { $0.id == "xfrm.netlink" }?.differs == false)
    #expect(Matrix([hosts[0]]).parts.map(\.title) == ["Where all are alike"])
  }

  @Test func hostsOfDifferentProfilesGoTogether() {
    var other = hosts[0]
    other.checks.removeAll { $0.id == "xfrm.esp6.gcm" }
    let renamed = other.checks[0].id
    other.checks[0].id = "env.other"
    let matrix = Matrix([other, hosts[3]])
    #expect(
      matrix.rows.first { $0.id == "xfrm.esp6.gcm" }?.cells.map { $0 == nil } == [false, true])
    // What only one of them has stands in its group, behind what the worse one has.
    let group = matrix.rows.filter { $0.group == .host }.map(\.id)
    #expect(group.first == renamed && group.last == "env.other")
    #expect(MatrixMarkdown(matrix).text.contains("| \\[no\\] esp6 is not loaded | not done |"))
    #expect(MatrixHTML(matrix).text.contains("not done</td>"))
  }

  @Test func oneHostUnderTwoProfilesIsToldApart() {
    var other = hosts[0]
    other.profile.name = "office"
    #expect(Matrix([hosts[0], hosts[0]]).columns == ["ready", "ready"])
    let matrix = Matrix([hosts[0], other])
    #expect(Set(matrix.columns) == ["ready, minimal", "ready, office"])
    #expect(MatrixMarkdown(matrix).text.contains("ready, office |"))
    #expect(MatrixHTML(matrix).text.contains("ready, office</th>"))
  }

  @Test func whatWasWrittenIsRead() throws {
    for host in hosts {
      let text = try JSONOutput.text(host)
      let read = try ReportFile.parse(Array(text.utf8), name: "x")
      #expect(try JSONOutput.text(read) == text)
    }
  }

  @Test(arguments: [
    ("", "x: this is no JSON"), ("{", "x: this is no JSON"), ("[]", "has a value of another type"),
    ("{}", "JSON without a schema is no report of xfrmctl check --json"),
    (#"{"schema":"event"}"#, "schema “event” is no report"),
    (#"{"schema":"check"}"#, "no version of the report"),
    (#"{"schema":"check","version":2}"#, "version 2 of the report; this xfrmctl reads version 1"),
    (#"{"schema":"check","version":1}"#, "the report lacks “"),
  ])
  func whatIsNoReportIsNamed(text: String, words: String) {
    let failure = #expect(throws: Failure.self) {
      try ReportFile.parse(Array(text.utf8), name: "x")
    }
    #expect(failure?.status == .invalidInput)
    #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
  }

  @Test func aWrongValueIsNamedWithItsPlace() throws {
    let place = try #require(hosts[0].checks.firstIndex { $0.outcome == .absent })
    let text = try JSONOutput.text(hosts[0])
    let failure = #expect(throws: Failure.self) {
      try ReportFile.parse(
        Array(text.replacing(#""outcome" : "absent""#, with: #""outcome" : "fine""#).utf8),
        name: "x")
    }
    #expect(
      failure?.description == "x: checks[\(place)].outcome has a value that is none of those known")
  }
}
