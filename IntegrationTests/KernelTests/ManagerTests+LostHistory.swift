import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit

@testable import xfrmctl

/// The history is lost, or an older one was put back: nothing comes to a dead end, nothing is left
/// behind.
extension Kernel.ManagerTests {
  private static let losses = [
    "rm -r \"$1/state/history\"*",
    "for file in \"$1\"/state/history*/*; do echo x >\"$file\"; done",
  ]

  private func spoil(_ script: String) async throws {
    let outcome = try await Shell.run(script, [temporary.path])
    #expect(outcome.status == 0, "\(outcome.complaint)")
  }

  @Test(
    "what is in force and in no history any more is replaced by what is applied by its file",
    Bed.isAboutDecisions, arguments: losses)
  func lost(spoil script: String) async throws {
    let (old, next) = try await applied()
    try await spoil(script)
    if !script.hasPrefix("rm") {
      // What is damaged is to be moved away, and that helps.
      let told = try await run("apply \(temporary.path)/a.yaml", status: 65).complaint
      #expect(told.contains("not what this version of xfrmctl wrote: move it away"))
      try await spoil("rm \"$1\"/state/history*/*")
    }
    for command in ["drift", "rotate", "plan \(temporary.path)/b.yaml --reverse \(Self.allowance)"]
    {
      let told = try await run(command, status: 1)
      #expect(told.complaint.contains("is not in the history any more: put that back, or apply"))
    }
    #expect(
      try await run("rollback", status: 1).complaint.contains("name one of `xfrmctl history`"))
    #expect(try await run("status").output.contains(", which is not in the history any more\n"))
    let plan = try await run("plan \(temporary.path)/b.yaml \(Self.allowance)").output
    #expect(plan.unwrapped.contains("is not in the history any more"))

    // What may be seen in clear is known all the same.
    let refused = try await run("apply \(temporary.path)/b.yaml", status: 1).complaint
    #expect(refused.contains("--allow-cleartext rest-0"))
    // Nothing would lead back from a trial.
    let trial = try await run("\(next) --confirm 60s", status: 1).complaint
    #expect(trial.contains("no way back from a trial"))
    #expect(try keys() == old)
    try await run("recover")

    try await run(next)
    let new = try keys()
    #expect(new.count == old.count && new.isDisjoint(with: old))
    try await run("drift --exit-code")
    let third = try write(text(202), "c.yaml")
    try await run("apply \(third) \(Self.allowance) --confirm 60s")
    try await run("rollback")
    #expect(try keys() == new)
    try await waitForNoGuard()
  }

  @Test("the same file puts the entry back, though there is nothing to do", Bed.isAboutDecisions)
  func putBack() async throws {
    let (old, next) = try await applied()
    try await spoil("rm -r \"$1/state/history\"*")
    let again = try await run("apply \(temporary.path)/a.yaml").output
    #expect(again.hasPrefix("nothing to do"))
    #expect(try await run("history").output.hasSuffix("a.yaml\n"))
    try await run("drift --exit-code")
    try await run("\(next) --confirm 60s")
    try await run("rollback")
    #expect(try keys() == old)
    try await waitForNoGuard()
  }

  @Test(
    "who waits for a deadline needs no history by then", Bed.isAboutProcesses,
    arguments: [false, true])
  func lostOnTrial(hasLostState: Bool) async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm \(Bed.soon)s")
    try await spoil(hasLostState ? "mv \"$1/state\" \"$1/away\"" : "rm -r \"$1/state/history\"*")
    #expect(try keys().isDisjoint(with: old))
    try await eventually("it does not go back") { try keys() == old }
    try await waitForNoGuard()
    #expect(try await run("recover").output.hasPrefix("nothing to do"))
  }

  @Test("where nobody knows the way back a file is the way on", Bed.isAboutProcesses)
  func noWayBack() async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm \(Bed.soon + 5)s")
    for process in try await watchers() {
      _ = try await Shell.run("kill -9 \"$1\"", ["\(process)"])
    }
    try await spoil("rm -r \"$1/state/history\"*")
    // Neither is known any more.
    #expect(try await run("confirm", status: 1).complaint.contains("so it cannot be confirmed"))
    let back = try await run("rollback", status: 1).complaint
    #expect(back.contains("there is no way back") && back.contains("`xfrmctl apply FILE`"))
    #expect(
      try await run("apply \(temporary.path)/a.yaml", status: 75).complaint.contains("confirm"))
    try await eventually("the deadline does not come") {
      try await run("status").output.contains(" now\n")
    }
    for command in ["recover", "rollback", "confirm"] {
      let told = try await run(command, status: 1).complaint
      #expect(told.contains("is not in the history any more: put that back, or apply"))
    }
    #expect(try keys().isDisjoint(with: old))
    let applied = try await run("apply \(temporary.path)/a.yaml \(Self.allowance)")
    #expect(applied.complaint.contains("was not confirmed in time, and there is no way back"))
    #expect(try keys() == old)
    try await run("drift --exit-code")
  }

  @Test(
    "what a run has not come to is no way back, and no guards are taken of it",
    Bed.isAboutDecisions,
    arguments: ["rollback \(allowance)", "apply FILE \(allowance)", "recover", ""])
  func neverReached(then command: String) async throws {
    let (old, _) = try await applied()
    let broken = try write(withoutItsKey(text(201)), "b.yaml")
    let next = "apply \(broken) \(Self.allowance)"
    #expect(try await run(next, status: 1).complaint.contains("stopped after"))
    #expect(try await run("history").output.hasSuffix("b.yaml (unconfirmed)\n"))
    if !command.isEmpty {
      try await run(command.replacing("FILE", with: "\(temporary.path)/a.yaml"))
      #expect(try keys() == old)
      let told = try await run("rollback \(Self.allowance)", status: 1).complaint
      #expect(told.contains("no earlier configuration"))
      #expect(try keys() == old)
    }
    let guards = try await guardsAfterRestart()
    #expect(!guards.isDisjoint(with: old))
  }

  @Test("what was reached is one to go back to", Bed.isAboutDecisions)
  func reached() async throws {
    let (old, next) = try await applied()
    try await run(next)
    let new = try keys()
    #expect(try await !run("history").output.contains("unconfirmed"))
    try await run("rollback \(Self.allowance)")
    #expect(try keys() == old)
    try await run("rollback \(Self.allowance)")
    #expect(try keys() == new)
    #expect(try await run("history").output.split(separator: "\n").count == 2)
    let guards = try await guardsAfterRestart()
    #expect(guards.isDisjoint(with: old) && !guards.isEmpty)
  }

  @Test("where it cannot be marked it is in force all the same, and told of", Bed.isAboutDecisions)
  func unmarked() async throws {
    let (old, next) = try await applied()
    let path = "\(temporary.path)/b.yaml"
    let recorded = RecordedConfiguration(
      file: path, host: VariableOptions.hostName, variables: [:], texts: [path: text(201)])
    let state = try #require(recorded.load().configuration).expanded(PendingBundles()).state
    let manager = try Manager(
      in: tool.namespace, runFolder: "\(temporary.path)/run",
      stateFolder: "\(temporary.path)/state")
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(temporary.path)/state")
    let folder = try #require(names.first { $0.hasPrefix("history") })
    func open(_ mode: UInt32) { FileMode.set(mode, of: "\(temporary.path)/state/\(folder)") }
    var options = PlanOptions()
    options.allowsAllCleartext = true
    #expect {
      try manager.apply(
        recorded, state, options: options, keys: KeyResolver().key, progress: { _ in open(0o770) })
    } throws: { error in
      if case ManagerFailure.doneBut(let way, _, _) = error {
        way.isForward && way.goal == recorded.id
      } else {
        false
      }
    }
    open(0o700)
    #expect(try keys().isDisjoint(with: old))
    #expect(try await run("status").output.contains(recorded.id))
    #expect(try await run("history").output.hasSuffix("b.yaml (unconfirmed)\n"))
    // The next mends that.
    #expect(try await run(next).output.hasPrefix("nothing to do"))
    #expect(try await !run("history").output.contains("unconfirmed"))
  }
}

extension String {
  /// Without the ends of lines that it was wrapped at.
  var unwrapped: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
