import ArgumentParser
import FoundationEssentials
import TestSupport
import Testing
import XFRMConfig
import XFRMKit

@testable import xfrmctl

extension Kernel.ManagerTests {
  /// Whether files in memory may be run, in a namespace of processes: 2 if not.
  static let noMemory = "/proc/sys/vm/memfd_noexec"
  static let allowance = "--allow-cleartext rest-0 --allow-cleartext in-0"

  /// What only the first configuration has, and what only the second.
  func applied() async throws -> (old: Set<PolicyKey>, next: String) {
    let (first, second) = (try write(text(200), "a.yaml"), try write(text(201), "b.yaml"))
    try await run("apply \(first)")
    return (try keys(), "apply \(second) \(Self.allowance)")
  }

  func keys() throws -> Set<PolicyKey> { Set(try policies().map(\.key)) }

  /// The processes that wait for a deadline in our folder.
  func watchers() async throws -> [Substring] {
    try await Shell.run(
      """
      for process in /proc/[0-9]*; do
        tr '\\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q " guard .*$1/run" \\
          && echo "${process#/proc/}"
      done; true
      """, [temporary.path]
    ).output.split(separator: "\n")
  }

  func waitForNoGuard() async throws {
    try await eventually("a process stays behind") { try await watchers().isEmpty }
  }

  @Test("what is confirmed in time stays, and nobody is left who waits")
  func confirmed() async throws {
    let (old, next) = try await applied()
    let applied = try await run("\(next) --confirm 60s").output
    #expect(applied.contains("unless it is confirmed:\n`xfrmctl confirm`\n"))
    for line in applied.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    // Whoever is cut off by what is not there any more cannot confirm it.
    let tried = try keys()
    #expect(!tried.isEmpty && tried.isDisjoint(with: old))
    #expect(try await watchers().count == 1)
    #expect(try await run("status").output.contains("unconfirmed"))
    try await run("drift --exit-code")
    let way = try await run("plan \(temporary.path)/a.yaml --reverse", status: 75)
    #expect(way.complaint.contains("has to be confirmed first"))
    let refused = try await run("apply \(temporary.path)/a.yaml", status: 75).complaint
    #expect(refused.contains("`xfrmctl confirm`, or go back: `xfrmctl rollback`"))
    #expect(try await run("confirm 00000000", status: 5).complaint.contains("does not wait"))

    #expect(try await run("confirm").output.hasPrefix("confirmed"))
    let new = try keys()
    #expect(new == tried)
    try await waitForNoGuard()
    #expect(try keys() == new)
    #expect(try await run("confirm").output.hasPrefix("nothing to do"))
    try await run("drift --exit-code")
    #expect(!(try await run("status").output.contains("unconfirmed")))

    // There and back, in the history.
    let back = try await run("rollback \(Self.allowance)").output
    #expect(back.hasPrefix("went back to configuration #"))
    #expect(try keys() == old)
  }

  @Test(
    "its whole session killed, it goes back in time all the same; who confirms late is told",
    Bed.needsSpeed)
  func sessionKilled() async throws {
    let (old, next) = try await applied()
    let killed = try await tool.shell(
      """
      setsid sh -c '"$XFRMCTL" "$@"; echo $$ >"$0"; sleep 60' "$@" >/dev/null 2>&1 &
      while [ ! -s "$1" ]; do sleep 0.02; done
      kill -9 "-$(cat "$1")"
      """, ["\(temporary.path)/session"] + "\(next) --confirm \(Bed.soon)s \(folders)".words)
    #expect(killed.status == 0, "\(killed.complaint)")
    // Nobody is left who could go back but the one who waits.
    #expect(try keys().isDisjoint(with: old))
    try await eventually("it does not go back") { try keys() == old }
    try await waitForNoGuard()
    #expect(try await run("confirm", status: 5).complaint.contains("was already rolled back at "))
    let id = try #require(try await run("history").output.split(separator: "#").last?.prefix(8))
    #expect(try await run("confirm \(id)", status: 5).complaint.contains("rolled back"))
    try await run("drift --exit-code")
  }

  @Test("without its program's file it goes back", Bed.isAboutProcesses)
  func programRemoved() async throws {
    let (old, next) = try await applied()
    let outcome = try await tool.shell(
      """
      cp "$XFRMCTL" "$1/copy" && PATH=$1:$PATH && shift && copy "$@" && rm "$(command -v copy)"
      """, [temporary.path] + "\(next) --confirm \(Bed.soon)s \(folders)".words)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(try keys().isDisjoint(with: old))
    try await eventually("it does not go back") { try keys() == old }
    try await waitForNoGuard()
  }

  /// Gives our namespace a name that no other process sees, and runs the tool with it.
  static let named = #"""
    mount -t tmpfs none /run && mkdir /run/netns && : >/run/netns/here &&
      mount --bind /proc/self/ns/net /run/netns/here && "$XFRMCTL" "$@" --namespace here
    """#

  @Test(
    "with no file open but its own, and in a namespace by name, it goes back", Bed.needsSpeed)
  func nothingOpen() async throws {
    let (old, next) = try await applied()
    let outcome = try await tool.shell(
      "exec unshare -m sh -c \"$@\"",
      [Self.named, "sh"] + "\(next) --confirm \(Bed.soon)s \(folders)".words)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let process = try #require(try await watchers().first)
    // Another one in its place, which finds no copy of the program.
    let again = try await Shell.run(
      #"""
      exec nsenter -t "$1" -m -n sh -c '
        set -- $(tr "\0" " " <"/proc/$0/cmdline") && shift && kill -9 "$0"
        exec "$XFRMCTL" "$@" 3>&-' "$1"
      """#, ["\(process)"])
    #expect(again.status == 0, "\(again.complaint)")
    #expect(try keys() == old)
  }

  @Test(
    "where nothing in memory may be run it goes back", Bed.needsSpeed,
    .enabled(
      if: FileManager.default.fileExists(atPath: Kernel.ManagerTests.noMemory), "needs Linux 6.3"))
  func nothingInMemory() async throws {
    let (old, next) = try await applied()
    // In a process namespace of its own, whose processes end with the first.
    let outcome = try await tool.shell(
      #"""
      exec unshare -p -f --mount-proc sh -c '
        named=$1 folders=$2 tries=0
        shift 2
        echo 2 >"$0" && eval "$named" || exit 99
        while [ $((tries += 1)) -lt 100 ] && "$XFRMCTL" status $folders | grep -q unconfirmed; do
          sleep 0.2
        done' "$@"
      """#,
      [Self.noMemory, Self.named, folders] + "\(next) --confirm \(Bed.soon)s \(folders)".words)
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(try keys() == old)
  }

  @Test("what is in its way it outlasts", Bed.isAboutProcesses)
  func patience() async throws {
    // Side by side, as all of it is waiting.
    try await withThrowingTaskGroup { group in
      for (spoil, mend) in [
        (
          "cd \"$1\"/run/*/* && cp journal new && chmod 640 new && mv new journal",
          "chmod 600 \"$1\"/run/*/*/journal"
        ), ("cd \"$1\"/run/*/* && mv journal gone", "cd \"$1\"/run/*/* && mv gone journal"),
        // Something else is where the journal was.
        ("mv \"$1/run\" \"$1/away\"", "rm -r \"$1/run\"; mv \"$1/away\" \"$1/run\""),
      ] {
        group.addTask { try await Kernel.ManagerTests().outlasts(spoil, mended: mend) }
      }
      try await group.waitForAll()
    }
  }

  private func outlasts(_ spoil: String, mended mend: String) async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm \(Bed.soon)s")
    #expect(try await Shell.run(spoil, [temporary.path]).status == 0)
    try await Task.sleep(for: .seconds(Bed.soon + 5))
    #expect(try await watchers().count == 1, "\(spoil)")
    #expect(try keys().isDisjoint(with: old), "\(spoil)")
    #expect(try await Shell.run(mend, [temporary.path]).status == 0)
    try await eventually("it does not go back: \(spoil)") { try keys() == old }
    try await waitForNoGuard()
  }

  @Test("with the journal the way back is gone, and nobody waits for it", Bed.isAboutDecisions)
  func journalDeleted() async throws {
    let (_, next) = try await applied()
    try await run("\(next) --confirm 60s")
    #expect(try await watchers().count == 1)
    #expect(try await Shell.run("rm -r \"$1/run\"", [temporary.path]).status == 0)
    try await waitForNoGuard()
  }

  @Test("who confirms while it goes back is told that it was too late", Bed.isAboutDecisions)
  func confirmedTooLate() async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm 60s")
    let command = try #require(try ConfirmCommand.parseAsRoot(folders.words) as? ConfirmCommand)
    let manager = try Manager(
      in: tool.namespace, runFolder: "\(temporary.path)/run",
      stateFolder: "\(temporary.path)/state")
    let pending = try #require(try manager.pending())
    try await run("rollback")
    let isTold = try tool.namespace.run {
      do { try command.confirm(manager, pending) } catch {
        return (error as? Failure)?.status == .rolledBack
      }
      return false
    }
    #expect(isTold)
    #expect(try keys() == old)
    try await waitForNoGuard()
  }

  @Test(
    "where nobody waits any more the next command goes back before anything else",
    Bed.isAboutProcesses)
  func guardKilled() async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm \(Bed.soon)s")
    for process in try await watchers() {
      _ = try await Shell.run("kill -9 \"$1\"", ["\(process)"])
    }
    try await eventually("the deadline does not come") {
      try await run("status").output.contains(" now\n")
    }
    #expect(try keys() != old)
    let applied = try await run("apply \(temporary.path)/a.yaml")
    #expect(applied.complaint.contains("was not confirmed in time: went back to configuration #"))
    #expect(applied.output.hasPrefix("nothing to do"))
    #expect(try keys() == old)
  }

  @Test("killed at any moment it goes back, or has not begun", Bed.startsQuickly)
  func trialKilled() async throws {
    let (old, next) = try await applied()
    let whole = try await ContinuousClock().measure { try await run("\(next) --confirm 60s") }
    try await run("rollback")
    var begun = 0
    let moments = Bed.name == "host" ? 10 : 4
    for moment in 1...moments {
      try await tool.run("\(next) --confirm 3s \(folders)", killedAfter: whole * moment / moments)
      let isPending = try await run("status").output.contains("unconfirmed")
      begun += isPending ? 1 : 0
      try await eventually("moment \(moment): it does not go back") {
        let isOver = try await !run("status").output.contains("unconfirmed")
        if isOver { return true }
        return try await watchers().isEmpty
      }
      try await run("recover")
      #expect(try keys() == old, "moment \(moment)")
      try await waitForNoGuard()
    }
    #expect(begun > 0)
  }

  @Test("where no process can be started nothing is changed")
  func unwatched() async throws {
    let (old, next) = try await applied()
    let before = try policies()
    // It cannot be given what every process has. The control is every other test.
    let outcome = try await tool.shell(
      #"exec unshare -m sh -c 'mount -t tmpfs none /dev && exec "$XFRMCTL" "$@"' sh "$@""#,
      "\(next) --confirm 60s \(folders)".words)
    #expect(outcome.status == 1 && outcome.complaint.contains("nothing was changed"))
    #expect(try policies() == before && keys() == old)
    try await run("recover")
    try await run(next)
    #expect(try keys() != old)
  }

  @Test(
    "nobody who sets the clock makes it earlier or later", Bed.needsSpeed,
    .enabled(if: Bed.name != "host", "sets the time of day, which only a guest's may be"))
  func clock() async throws {
    let (old, next) = try await applied()
    try await run("\(next) --confirm \(Bed.soon)s")
    let start = ContinuousClock.now
    let moved = try await Shell.run("date -s '+1 day'")
    #expect(moved.status == 0, "\(moved.complaint)")
    try await Task.sleep(for: .milliseconds(500))
    let isEarly = try keys() == old && ContinuousClock.now - start < .seconds(Bed.soon - 1)
    #expect(!isEarly)
    let restored = try await Shell.run("date -s '-2 days'; date -s '+1 day'")
    #expect(restored.status == 0)
    try await eventually("it does not go back") { try keys() == old }
    try await waitForNoGuard()
  }
}

extension String {
  var words: [String] { split(separator: " ").map(String.init) }
}
