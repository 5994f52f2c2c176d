import ArgumentParser
import TestSupport
import Testing
import XFRMKit
import XFRMLab

@testable import XFRMConfig
@testable import xfrmctl

/// What plan, apply, status, drift and history print.
@Suite("Output of the manager")
struct ManagerOutputTests {
  private static let text = """
    connections:
      - name: a-connection-with-a-name-of-some-length
        kind: site-to-site
        local: {address: 192.0.2.1, subnets: 10.1.0.0/16}
        remote: {address: 198.51.100.2, subnets: 10.2.0.0/16}
        proposal: aes256-sha256
        keys:
          in: {spi: 0x1001, key: "file:/nowhere/in"}
          out: {spi: 0x1002, key: "file:/nowhere/out"}
    spd:
      - name: ssh
        direction: outbound
        traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.9.0.0/16}
        processing-info: {action: bypass}
    """

  private func configuration() throws -> ManagedConfiguration {
    try ManagedConfiguration(
      RecordedConfiguration(
        file: "a.yaml", host: "gw", variables: [:], texts: ["a.yaml": Self.text]),
      KeyDirectory("/nowhere"))
  }

  private func prepared(_ allowing: PlanOptions = PlanOptions()) throws -> PreparedPlan {
    var kernel = KernelModel()
    let foreign = SecurityAssociation(
      from: .v4(0xc000_0201), to: .v4(0xc633_6402), spi: 0xc123_4567, mode: .tunnel)
    try kernel.perform(.addAssociation(foreign))
    return try Manager.plan(
      configuration().state, kernel.snapshot(), Journal(boot: "b", namespace: 1), allowing)
  }

  private func complaints(_ text: String, _ schema: String) throws -> [String] {
    try JSONSchema(named: schema).complaints(about: JSONValue(parsing: text))
  }

  @Test("a plan names every object, what is not touched, and what can be seen")
  func plan() throws {
    let report = PlanReport(prepared: try prepared(), configuration: try configuration()).text
    for line in report.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(report.contains("a-connection-with-a-name-of-some-length/out"))
    #expect(report.contains("SPI 0x00001002"))
    #expect(report.contains("=  charon: 1 SAs, 0 policies, not touched"))
    #expect(report.hasSuffix("No packet can leave in clear at any step."))
    var nothing = try prepared()
    nothing.plan.steps = []
    #expect(
      PlanReport(prepared: nothing, configuration: try configuration()).text
        .hasPrefix("nothing to do: the kernel is as configuration #"))
  }

  @Test("what may be seen in clear is said at its step and in the end")
  func cleartext() throws {
    var prepared = try prepared()
    let index = try #require(prepared.plan.steps.firstIndex { "\($0.object)" == "ssh/out" })
    prepared.plan.steps[index].effect = .cleartext
    let report = PlanReport(prepared: prepared, configuration: try configuration()).text
    #expect(report.contains("CLEARTEXT"))
    #expect(!report.contains("No packet can leave in clear"))
    #expect(report.contains("from step \(index + 1) on"))
    for line in report.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test("JSON is as the schemas have it")
  func schemas() throws {
    let (prepared, configuration) = (try prepared(), try configuration())
    for isSaved in [false, true] {
      let text = prepared.json(
        of: configuration.recorded, configuration.state, PlanOptions(), isSaved: isSaved)
      #expect(try complaints(text, "plan") == [])
      // The check finds what is wrong.
      #expect(try complaints(text.replacing(#""effect""#, with: #""efect""#), "plan") != [])
    }
    let entry = History.Entry(number: 1, time: 5, configuration: configuration.recorded)
    let recovery = Recovery(isForward: true, goal: configuration.recorded.id)
    let pending = Pending(
      configuration: configuration.recorded.id, recovery: recovery, deadline: 7,
      isVerified: true)
    var status = Status(
      inForce: entry, committed: configuration.recorded.id, recovery: recovery, pending: pending,
      policies: 1,
      associations: 2, interfaces: 3, routes: 4, foreign: prepared.plan.foreign)
    #expect(try complaints(JSONOutput.text(StatusJSON(status)), "status") == [])
    status.inForce?.configuration.keys = ["a": .receiving(old: 1, new: 2), "b": .settled(3)]
    status.wear = [
      Wear(object: ObjectName("a", "out", generation: 1), limit: .age, isSoft: true, percent: 90)
    ]
    let text = try JSONOutput.text(StatusJSON(status))
    #expect(try complaints(text, "status") == [])
    #expect(text.contains("inbound") && !text.contains(#""b""#))
    let drift = [Drift(kind: .missing, object: "a/in", explanation: "policy is not there")]
    #expect(try complaints(JSONOutput.text(DriftJSON(drift, .guards)), "drift") == [])
    var ledBack = entry
    ledBack.isLedBack = true
    var trial = entry
    trial.isUnconfirmed = true
    let history = try JSONOutput.text(HistoryJSON([entry, ledBack, trial]))
    #expect(try complaints(history, "history") == [])
    #expect(history.contains("ledBack") && history.contains("unconfirmed"))
  }

  @Test("drift stays within a line, however long names and reasons are")
  func drift() {
    let long = ObjectName(String(repeating: "n", count: 48), "out", generation: 12)
    let reason =
      "lifetime and encapsulation are not as they were asked for, and its selector is wider"
    let found = [
      Drift(kind: .missing, object: "a/in", explanation: "policy is not there"),
      Drift(kind: .changed, object: "a/out", explanation: reason),
      Drift(kind: .obstructed, object: "\(long)", explanation: reason),
    ]
    let lines = DriftCommand.lines(found)
    #expect(
      lines[0] == "missing      a/in" + String(repeating: " ", count: 32) + "policy is not there")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    // Not a word is lost.
    let words = lines.joined(separator: " ").split(separator: " ")
    #expect(
      words
        == found.flatMap {
          "\($0.kind.rawValue) \($0.object) \($0.explanation)".split(separator: " ")
        })
    #expect(DriftCommand.lines([found[0]]) == ["missing      a/in  policy is not there"])
    for word in [DriftCommand.InForceWord.nothing, .guards, .configuration] {
      let told = [true, false].map { word.lines(hasDrift: $0, in: "red") }
      #expect(told.joined().allSatisfy { $0.count <= 80 }, "\(told)")
      // Whoever asks whether all is well is told what there is to hold the kernel against.
      #expect(told[0].isEmpty == (word == .configuration) && !told[1].isEmpty)
    }
  }

  @Test("a rotation may be given times and namespaces, and no more than fits together")
  func rotation() throws {
    // The same words as --confirm takes.
    #expect(try RotateCommand.parse(["--grace", "2m"]).grace.duration == .seconds(120))
    #expect(try RotateCommand.parse(["--grace", "0"]).grace.duration == .zero)
    #expect(RotateCommand.helpMessage(columns: 80).contains("(default: 2s)"))
    #expect(try ApplyCommand.parse(["--confirm", "1ms"]).confirm?.duration == .milliseconds(1))
    #expect(throws: (any Error).self) { try ApplyCommand.parse(["--confirm", "0"]) }
    let pair = ["--local-pair", "red", "blue", "--peer-state-dir", "/b"]
    #expect(try RotateCommand.parse(["x", "--json"] + pair).localPair == ["red", "blue"])
    #expect(try RotateCommand.parse(["--phase", "retire"]).phase == .retire)
    for wrong in [
      ["--local-pair", "red", "blue"], ["--local-pair", "red", "--peer-state-dir", "/b"],
      ["--peer-state-dir", "/b"], ["--phase", "switch"], pair + ["--phase", "inbound"],
      ["--state-dir", "/b"] + pair,
    ] {
      #expect(throws: (any Error).self, "\(wrong)") { try RotateCommand.parse(wrong) }
    }
  }

  @Test("a failure has the exit status that is promised for it")
  func statuses() {
    #expect(Failure(StoreProblem("p", "no room")).status == .cannotWrite)
    #expect(Failure(StoreProblem("p", "in use", kind: .busy)).status == .busy)
    #expect(Failure(StoreProblem("p", "what is this", kind: .unreadable)).status == .invalidInput)
    #expect(Failure(ManagerFailure.moved).status == .busy)
    let stopped = ManagerFailure.stopped(.journal(StoreProblem("p", "full")), done: 1, of: 2)
    #expect(Failure(stopped).status == .cannotWrite)
    #expect(Failure(stopped).description.contains("stopped after 1 of 2 steps"))
  }

  @Test("what this kernel lacks is no reason to try again", arguments: [nil, "red"])
  func lacking(_ namespace: String?) {
    let error = XFRMError(
      .addAssociation(RuleExamples.association),
      .refused(
        KernelRefusal(errno: .protocolNotSupported, explanation: "Requested type not found")))
    let stopped = Failure(
      .stopped(.refused(ObjectName("a", "out", generation: 1), error), done: 8, of: 17),
      in: namespace)
    #expect(stopped.status == .notInThisKernel)
    #expect(!stopped.description.contains("xfrmctl apply"))
    #expect(
      stopped.description.hasSuffix(
        "dropped; `xfrmctl check` tells why, and the way back is `xfrmctl recover"
          + "\(namespace.map { " -n \($0)" } ?? "")`"))
    for failure in [Failure(error), Failure(LabError.xfrm(error))] {
      #expect(
        failure.description.hasSuffix("no esp4 in this kernel; `xfrmctl check` tells why"))
    }
  }

  @Test("where it came to its end and the ledger is of no use both is said")
  func doneBut() {
    let plan = PreparedPlan(plan: Plan(), fingerprint: "")
    let failure = Failure(
      .doneBut(
        Recovery(isForward: false, goal: "12345678"), plan,
        StoreProblem("/state/ledger", that: "is damaged")))
    #expect(
      failure.description
        == "went back to configuration #12345678 in 0 steps, but /state/ledger is damaged")
    #expect(failure.status == .cannotWrite)
  }

  @Test("advice about rotations names the network namespace", arguments: [nil, "red"])
  func rotationAdvice(_ namespace: String?) throws {
    let option = namespace.map { " -n \($0)" } ?? ""
    var report = RotationReport(namespace: namespace)
    report.connections = [("a", .settled(1), .receiving(old: 1, new: 2), 2)]
    #expect(report.lines.joined(separator: " ").hasSuffix("--phase outbound\(option)`"))
    let folder = try TemporaryFolder()
    let keys = KeyDirectory(folder.file("keys"))
    for _ in 0..<2 {
      _ = try KeyMaker(keys, peerDirectory: KeyDirectory(folder.file("peer"))).make([
        ("a", .aes256gcm16)
      ])
    }
    for (use, words) in [
      (KeyGenerations.settled(1), "`xfrmctl rotate a\(option)`"),
      (.sending(old: 1, new: 2), "`xfrmctl rotate a --phase retire\(option)`"),
    ] {
      let uses = ["a": use]
      let remarks = try StoredBundles(keys, using: uses).remarks(on: uses, in: namespace)
      #expect(remarks.count == 1 && remarks.allSatisfy { $0.contains(words) }, "\(remarks)")
    }
  }

  @Test("what waits to be confirmed is told with what to do")
  func pending() {
    var pending = Pending(
      configuration: "12345678", recovery: Recovery(isForward: false, goal: nil),
      deadline: 7, isVerified: true)
    #expect(pending.isOver && pending.timeLeft == 0)
    #expect(Failure(ManagerFailure.pending(pending)).status == .busy)
    #expect(Failure(ManagerFailure.pending(pending)).description.contains("xfrmctl confirm"))
    // In a namespace, with that.
    #expect(
      Failure(.pending(pending), in: "red").description
        .hasSuffix("`xfrmctl confirm -n red`, or go back: `xfrmctl rollback -n red`"))
    for failure in [
      ManagerFailure.unfinished("12345678"),
      .stopped(.journal(StoreProblem("p", "full")), done: 1, of: 2),
    ] {
      #expect(Failure(failure, in: "red").description.hasSuffix("`xfrmctl recover -n red`"))
      #expect(Failure(failure).description.hasSuffix("`xfrmctl recover`"))
    }
    let unknown = Failure(.unknownConfiguration("12345678"), in: "red").description
    #expect(unknown.contains("put that back") && unknown.contains("`xfrmctl apply FILE -n red`"))
    let ending = ApplyCommand.ending("configuration #12345678 is in force", pending, "red")
    #expect(ending.hasSuffix("unless it is confirmed:\n`xfrmctl confirm -n red`"))
    pending.isVerified = false
    #expect(!Failure(ManagerFailure.pending(pending)).description.contains("xfrmctl confirm"))
    pending.deadline = .max
    #expect(!pending.isOver)
    let lost = ManagerFailure.noWayBack([ObjectName("a", "out", generation: 1)])
    #expect(Failure(lost).description.contains("`xfrmctl keys new a`"))
    let gone = ManagerFailure.noWayOn([ObjectName("a", "out", generation: 1)])
    #expect(Failure(gone, in: "red").description.contains("`xfrmctl rollback -n red`"))
    #expect(Failure(gone).status == .failed)
    #expect(Failure(gone).description.contains("nothing was done: go back with `xfrmctl rollback`"))
  }

  @Test(
    "times are read as they are typed",
    arguments: [
      ("90", 90_000), ("90s", 90_000), ("2m", 120_000), ("1h", 3_600_000), ("1500ms", 1500),
      ("2min", 120_000), ("0", 0), ("", nil), ("s", nil), ("1d", nil), ("-1s", nil),
      ("1.5s", nil), ("1 s", nil),
      ("99999999999999999999", nil), ("745h", nil),
    ] as [(String, Int64?)])
  func times(text: String, milliseconds: Int64?) {
    #expect(TimeSpan(argument: text)?.duration == milliseconds.map { .milliseconds($0) })
  }
}
