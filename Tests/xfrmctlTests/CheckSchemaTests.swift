import TestSupport
import Testing

@testable import HostReadiness
@testable import xfrmctl

/// Whether what `xfrmctl check` prints in JSON is what `Schemas/` promises.
@Suite("Schemas of checks")
struct CheckSchemaTests {
  @discardableResult
  private func expectValid(_ text: String, _ schema: String) throws -> JSONValue {
    let value = try JSONValue(parsing: text)
    #expect(try JSONSchema(named: schema).complaints(about: value) == [], "\(text.prefix(2000))")
    #expect(value["schema"]?.text == schema)
    return value
  }

  @Test("take a report on this host under every profile", arguments: Use.allCases)
  func live(use: Use) async throws {
    let outcome = try await Tool.run(["check", "--json", "--profile", use.rawValue])
    #expect([0, 3, 4].contains(outcome.status))
    let value = try expectValid(outcome.output, "check")
    #expect(value["profile"]?["name"]?.text == use.rawValue)
    let verdict = value["verdict"]?.text
    #expect((verdict == "not-ready") == (outcome.status == 3))
    #expect((value["firstFailure"] == nil) == (verdict == "ready"))
    let list = try await Tool.run(["check", "--list", "--json", "--profile", use.rawValue])
    let entries = try expectValid(list.output, "check-list")["checks"]?.elements ?? []
    #expect(entries.count == CatalogueEntry.all.count)
    // Without --live nothing is sent.
    let done = entries.filter { $0["severity"] != nil && $0["options"] == nil }
      .map { $0["id"]?.text }
    #expect(done.count < entries.count { $0["severity"] != nil })
    #expect(value["checks"]?.elements?.map { $0["id"]?.text } == done)
  }

  @Test("take what became of modules, with everything that can be told of them")
  func modules() async throws {
    var report = try await onOrdinaryThread {
      var options = CheckOptions()
      options.probes = false
      return HostReadiness.check(options: options)
    }
    report.host.container = "docker"
    report.host.virtualMachine = "KVM"
    report.host.kernelChoice = "the newest of 2"
    var attempts = [LoadAttempt.Outcome.alreadyThere, .loaded, .blocked, .missing, .failed]
      .map { LoadAttempt(module: .esp4, outcome: $0) }
    attempts[1].command = "modprobe -b -v esp4"
    attempts[1].exitStatus = 0
    attempts[1].said = ["insmod esp4.ko"]
    attempts[1].provenBy = "xfrm.esp4"
    attempts[4].cause = "no room"
    attempts[4].unprovenBy = "xfrm.esp4"
    let list = FileChange(
      path: "/etc/modules-load.d/xfrmctl.conf", outcome: .refused, cause: "read-only",
      modules: ["esp4"])
    let loaded = LoadReport(
      attempts: attempts, modulesLoaded: ["esp4"], persisted: list, recordProblem: "no room",
      report: report)
    let value = try expectValid(JSONOutput.text(CheckJSON(report, loaded)), "check")
    #expect(value["load"]?.elements?.count == 5)
    #expect(value["persisted"]?["outcome"]?.text == "refused")
    #expect(value["recordProblem"]?.text == "no room")
    #expect(value["host"]?["virtualMachine"]?.text == "KVM")
    let undone = UndoReport(
      attempts: [
        UndoAttempt(module: "esp4", outcome: .inUse, command: "rmmod esp4", said: ["in use"])
      ], bootList: list, recordProblem: "it is damaged")
    let undo = try expectValid(JSONOutput.text(UndoJSON(undone)), "check-undo")
    #expect(undo["modules"]?.elements?.first?["outcome"]?.text == "inUse")
  }

  @Test("take a report of many hosts")
  func report() async throws {
    let outcome = try await Shell.run(
      "\"$XFRMCTL\" check --json | \"$XFRMCTL\" check report - --json")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let value = try expectValid(outcome.output, "check-report")
    #expect(value["hosts"]?.elements?.count == 1)
    #expect(value["checks"]?.elements?.isEmpty == false)
  }

  @Test("take explanations", arguments: ["EPERM", "xfrm.netlink", "unable to get SPI"])
  func explanation(text: String) async throws {
    let outcome = try await Tool.run(["check", "--explain", text, "--json"])
    try expectValid(outcome.output, "explanation")
  }

  @Test(
    "refuse what is broken",
    arguments: [
      (#""schema" : "check""#, #""schema" : "checks""#, "is not"),
      (#""version" : 1"#, #""version" : 2"#, "is not"),
      (#""verdict" : ""#, #""verdict" : "almost-"#, "is no choice"),
      (#""severity" : "required""#, #""severity" : "vital""#, "is no choice"),
      (#""durationSeconds" : "#, #""durationSeconds" : -"#, "is too low"),
      (#""startedAt" : "2"#, #""startedAt" : "x2"#, "is no ^"),
      (#""capabilities" : {"#, #""skills" : {"#, "unknown property skills"),
      (#""summary" : ""#, #""summary" : 7, "comment" : ""#, "integer is no string"),
    ])
  func broken(good: String, bad: String, complaint: String) async throws {
    let text = try await Tool.run(["check", "--json"]).output
    #expect(text.contains(good))
    let value = try JSONValue(parsing: text.replacing(good, with: bad))
    let complaints = try JSONSchema(named: "check").complaints(about: value)
    #expect(complaints.contains { $0.contains(complaint) }, "\(complaints)")
  }
}
