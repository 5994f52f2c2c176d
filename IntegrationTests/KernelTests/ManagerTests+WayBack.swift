import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit

/// `rollback`, and what leads back.
extension Kernel.ManagerTests {
  @Test("on request it goes back at once; the way is shown before")
  func rollback() async throws {
    let (old, next) = try await applied()
    let way = try await run("plan \(temporary.path)/b.yaml \(Self.allowance) --reverse").output
    #expect(way.contains("- policy") && way.contains("+ policy"))
    try await run("\(next) --confirm 60s")
    // Something that looks like ours, which everybody who plans is told of.
    var xfrm = try XFRMClient(in: tool.namespace)
    var orphan = try addForeign()
    try xfrm.perform(.deletePolicy(orphan.key))
    orphan.index = try #require(Tag(slot: 99_999)).index(.outgoing)
    try xfrm.add(orphan)
    let back = try await run("rollback")
    #expect(back.output.hasPrefix("went back to configuration #"))
    #expect(
      back.complaint.hasSuffix(
        "xfrmctl: warning: 1 objects carry our tag and are not in the journal; they are left "
          + "alone\n"))
    try xfrm.perform(.deletePolicy(orphan.key))
    #expect(try keys() == old)
    try await waitForNoGuard()
    #expect(try await run("rollback", status: 1).complaint.contains("no earlier configuration"))
  }

  @Test(
    "what was led back from is no way back, and no guards are taken of it", Bed.isAboutDecisions)
  func ledBack() async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm 60s")
    try await run("rollback")
    #expect(try await run("history").output.hasSuffix("b.yaml (led back)\n"))
    let third = try write(text(202), "c.yaml")
    try await run("apply \(third) \(Self.allowance)")
    try await run("rollback \(Self.allowance)")
    #expect(try keys() == old)

    // A file was broken, and then the machine starts again.
    try await run("\(next) --confirm 60s")
    try await run("rollback")
    #expect(try await !guardsAfterRestart().isDisjoint(with: old))
  }

  /// What a machine has that starts anew, where the file of the second configuration is broken.
  func guardsAfterRestart() async throws -> Set<PolicyKey> {
    for process in try await watchers() {
      _ = try await Shell.run("kill -9 \"$1\"", ["\(process)"])
    }
    var xfrm = try XFRMClient(in: tool.namespace)
    try xfrm.flushPolicies()
    let broken = try write("spd: nonsense", "b.yaml")
    let folders = "--run-dir \(temporary.path)/next --state-dir \(temporary.path)/state"
    let guards = try await tool.run("apply \(broken) --guards \(folders)")
    #expect(guards.status == 0, "\(guards.complaint)")
    return try keys()
  }

  @Test(
    "of what nobody has confirmed when the machine starts anew no guards are taken",
    Bed.isAboutDecisions, arguments: [false, true])
  func restart(isConfirmed: Bool) async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm 60s")
    #expect(try await run("history").output.hasSuffix("b.yaml (unconfirmed)\n"))
    if isConfirmed {
      try await run("confirm")
      #expect(try await run("history").output.hasSuffix("b.yaml\n"))
    }
    let guards = try await guardsAfterRestart()
    #expect(!guards.isEmpty && guards.isDisjoint(with: old) == isConfirmed)
  }

  @Test(
    "the way back in one namespace is not that of another, however it is entered",
    Bed.isAboutDecisions)
  func namespaces() async throws {
    let (a, b, c) = (
      try write("spd: []\n", "a.yaml"), try write("settings: {}\n", "b.yaml"),
      try write(text(200), "c.yaml")
    )
    let outcome = try await Shell.run(
      """
      unshare --mount sh -ec '
        mount -t tmpfs none /run
        ip netns add red; ip netns add blue
        xfrmctl() { "$XFRMCTL" "$@" --run-dir "$0/run" --state-dir "$0/state"; }
        xfrmctl apply -n red "$1"
        xfrmctl apply -n blue "$2"
        ip netns exec red "$XFRMCTL" apply "$3" --run-dir "$0/run" --state-dir "$0/state"
        xfrmctl rollback -n red --allow-cleartext rest-0 --allow-cleartext in-0
        xfrmctl status -n red
        id=$(xfrmctl history -n red | grep "$3" | cut -c2-9)
        status=0; xfrmctl rollback -n blue "$id" || status=$?
        [ "$status" = 65 ] || exit 97
        xfrmctl rollback -n red "$id" >&2
        ls "$0/state"' "$@"
      """, [temporary.path, a, b, c])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.complaint)")
    #expect(outcome.complaint.contains(" is not in the history of this network namespace\n"))
    #expect(outcome.output.contains("\(a)\n"), "\(outcome.output)")
    #expect(outcome.output.contains("\nhistory.blue\nhistory.red\n"))
  }

  @Test(
    "the way back takes no key, and so no ledger that can be used",
    Bed.isAboutDecisions,
    arguments: ["echo damaged >>\"$1/ledger\"", "mv \"$1/ledger.secret\" \"$1/gone\""])
  func noLedger(spoil: String) async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm 60s")
    #expect(try await Shell.run(spoil, ["\(temporary.path)/state"]).status == 0)
    // It goes back, and says what is wrong.
    let told = try await run("rollback", status: 73).complaint
    #expect(told.contains("went back to configuration #") && told.contains("/state/ledger "))
    #expect(try keys() == old)
    #expect(!(try await run("status").output.contains("unconfirmed")))
    // The control: without it nothing else is done.
    try await run(next, status: 73)
    #expect(try keys() == old)
    try await waitForNoGuard()
  }

  @Test("what the old one says nothing of goes back to what it was, too", Bed.isAboutDecisions)
  func unsaid() async throws {
    let settings = "settings: {net.core.xfrm_larval_drop: 0}\n"
    let first = try write(text(200).replacing(settings, with: ""), "a.yaml")
    let second = try write("default-action: discard\n\(text(200))", "b.yaml")
    var xfrm = try XFRMClient(in: tool.namespace)
    let (open, setting) = (try xfrm.defaultActions(), KernelSetting.dropsWhileLarval)
    #expect(open.outgoing == .accept)
    #expect(try setting.value(in: tool.namespace) == 1)
    try await run("apply \(first)")
    let way = try await run("plan \(second) --reverse").output
    #expect(way.contains("default/actions") && way.contains("0 -> 1"))

    try await run("apply \(second) --confirm 60s")
    #expect(try xfrm.defaultActions().outgoing == .block)
    #expect(try setting.value(in: tool.namespace) == 0)
    try await run("rollback")
    #expect(try xfrm.defaultActions() == open)
    #expect(try setting.value(in: tool.namespace) == 1)
    try await run("drift --exit-code")

    // Where nothing leads back the kernel's stay.
    try await run("apply \(second)")
    try await run("apply \(first)")
    #expect(try xfrm.defaultActions().outgoing == .block)
    #expect(try setting.value(in: tool.namespace) == 0)
  }
}
