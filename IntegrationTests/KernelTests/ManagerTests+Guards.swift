import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

/// `apply --guards`, whatever has become of what is kept on disk.
extension Kernel.ManagerTests {
  /// A configuration whose connection has keys.
  private func guardedFile() async throws -> String {
    let file = try write(withConnection, "a.yaml")
    let made = try await tool.run(
      "keys new a --config \(file) --directory \(temporary.path)/state/keys")
    #expect(made.status == 0, "\(made.complaint)")
    return file
  }

  @Test(
    "guards take no ledger: they are there where it is damaged, or its secret is gone",
    Bed.isAboutDecisions,
    arguments: [
      "printf %064d 0 >ledger.secret; echo damaged >ledger", "echo xfrmctl-ledger-1 >ledger",
      "mkdir ledger ledger.secret",
    ])
  func guardsWithoutLedger(spoil: String) async throws {
    let file = try await guardedFile()
    let spoilt = try await Shell.run(
      "umask 077; cd \"$1\"; \(spoil)", ["\(temporary.path)/state"])
    #expect(spoilt.status == 0, "\(spoilt.complaint)")
    try await run("apply \(file) --guards")
    let guards = try policies()
    #expect(guards.count { $0.action == .block } == 9 && guards.allSatisfy(\.templates.isEmpty))
    #expect(try await run("apply \(file) --guards").output.hasPrefix("nothing to do"))
    #expect(try await run("status").output.contains("the guards of configuration #"))
    // The control: what takes keys is refused, and they stay.
    let refused = try await run("apply \(file)", status: 73)
    #expect(refused.complaint.contains("/state/ledger"), "\(refused.complaint)")
    #expect(try policies() == guards)
    let planned = try await run("plan \(file)").output.replacing("\n", with: " ")
    #expect(planned.contains("warning: apply will not do this: "), "\(planned)")
  }

  @Test(
    "guards are there where the history cannot be written, which is told", Bed.isAboutDecisions,
    arguments: ["ro", "full"])
  func guardsWithoutHistory(how: String) async throws {
    let file = try await guardedFile()
    let outcome = try await Shell.run(
      """
      unshare --net --mount sh -c '
        cd "$0" && mkdir small && mount -t tmpfs -o size=64k,mode=700 none small || exit 99
        cp -r state/keys small/keys
        if [ "$2" = ro ]; then
          mount -o remount,ro small
        else
          dd if=/dev/zero of=small/filler bs=1k 2>/dev/null
        fi
        apply() {
          "$XFRMCTL" apply "$1" $2 --run-dir "$0/run" --state-dir "$0/small"
          echo "status $?"
          "$XFRMCTL" policy list --json | grep -c "\\"action\\":\\"block\\""
        }
        apply "$1" --guards
        apply "$1" --guards
        apply "$1"
        "$XFRMCTL" status --run-dir "$0/run" --state-dir "$0/small"
        rm small/filler 2>/dev/null || mount -o remount,rw small
        apply "$1" --guards
        "$XFRMCTL" status --run-dir "$0/run" --state-dir "$0/small"' "$@"
      """, [temporary.path, file, how])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let lines = outcome.output.split(separator: "\n")
    let (statuses, counts) = (
      lines.filter { $0.hasPrefix("status ") }, lines.compactMap { Int($0) }
    )
    // What takes keys is refused for the same reason.
    #expect(statuses == ["status 73", "status 73", "status 73", "status 0"], "\(outcome.output)")
    #expect(counts == [9, 9, 9, 9], "\(outcome.output)")
    #expect(outcome.complaint.contains("but the history lacks it: "), "\(outcome.complaint)")
    #expect(outcome.complaint.contains("/small"))
    #expect(outcome.output.contains("no configuration\n"))
    #expect(outcome.output.contains("the guards of configuration #"))
  }

  @Test(
    "a file that nobody can read has the guards of what was applied last, if that is legible",
    Bed.isAboutDecisions,
    arguments: [
      "rm \"$1\"", "rm \"$1\"; mkdir \"$1\"",
      "rm \"$1\"; for file in \"$2\"*/0000000002.*; do echo damaged >\"$file\"; done",
    ])
  func guardsWithoutFile(spoil: String) async throws {
    let file = try write(text(200), "a.yaml")
    try await run("apply \(file)")
    let keys = Set(try policies().map(\.key))
    if spoil.contains("damaged") {
      try await run("apply \(try write(text(201), "b.yaml")) \(Self.allowance)")
      #expect(try Set(policies().map(\.key)) != keys)
    }
    let spoilt = try await Shell.run(spoil, [file, "\(temporary.path)/state/history"])
    #expect(spoilt.status == 0, "\(spoilt.complaint)")
    var xfrm = try XFRMClient(in: tool.namespace)
    try xfrm.flushPolicies()
    // Another journal: the machine has started anew.
    let next = try await tool.run(
      "apply \(file) --guards --run-dir \(temporary.path)/next --state-dir \(temporary.path)/state")
    #expect(next.status == 0 && next.complaint.contains("cannot be used"), "\(next.complaint)")
    #expect(try Set(policies().map(\.key)) == keys)
    #expect(try policies().allSatisfy(\.templates.isEmpty))
  }
}
