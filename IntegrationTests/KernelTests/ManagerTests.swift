import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// `xfrmctl plan`, `apply`, `status`, `drift`, `history` and `recover`.
  @Suite("The manager")
  struct ManagerTests {
    let tool: PrivateTool
    let temporary: TemporaryFolder
    var folders: String {
      "--run-dir \(temporary.path)/run --state-dir \(temporary.path)/state"
    }

    init() throws {
      tool = try PrivateTool()
      temporary = try TemporaryFolder()
    }

    func write(_ text: String, _ name: String) throws -> String {
      let path = "\(temporary.path)/\(name)"
      try Data(text.utf8).write(to: URL(filePath: path))
      return path
    }

    @discardableResult
    func run(_ line: String, status: Int32 = 0) async throws -> Tool.Outcome {
      let outcome = try await tool.run("\(line) \(folders)")
      #expect(outcome.status == status, "\(line): \(outcome.output)\(outcome.complaint)")
      return outcome
    }

    func policies() throws -> [Policy] {
      var xfrm = try XFRMClient(in: tool.namespace)
      return try xfrm.policies()
    }

    /// Somebody else's.
    func addForeign() throws -> Policy {
      var xfrm = try XFRMClient(in: tool.namespace)
      let selector = XFRMKit.Selector(
        from: try #require(IPPrefix("192.0.2.0/24")), to: try #require(IPPrefix("203.0.113.0/24")))
      var policy = Policy(selector, direction: .outgoing, action: .block)
      policy.priority = 7
      try xfrm.add(policy)
      return try xfrm.policy(policy.key)
    }

    @Test("plans, applies once, finds drift and mends it, and leaves others' alone")
    func life() async throws {
      let foreign = try addForeign()
      let file = try write(text(200), "a.yaml")
      #expect(try await run("plan \(file) --exit-code", status: 2).output.contains("+ policy"))
      #expect(try policies() == [foreign])
      #expect(!FileManager.default.fileExists(atPath: "\(temporary.path)/run"))

      let applied = try await run("apply \(file)").output
      #expect(applied.contains("No packet can leave in clear at any step."))
      #expect(applied.contains("others: 0 SAs, 1 policies, not touched"))
      for line in applied.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      let after = try policies()
      #expect(after.count > 4 && after.contains(foreign))
      #expect(try KernelSetting.dropsWhileLarval.value(in: tool.namespace) == 0)

      #expect(try await run("apply \(file)").output.hasPrefix("nothing to do"))
      #expect(try policies() == after)
      try await run("plan \(file) --exit-code")
      #expect(try await run("drift --exit-code").output.hasPrefix("no drift"))

      let victim = try #require(after.first { $0 != foreign && $0.action == .block })
      var xfrm = try XFRMClient(in: tool.namespace)
      try xfrm.perform(.deletePolicy(victim.key))
      let drift = try await run("drift --exit-code", status: 2).output
      #expect(drift.hasPrefix("missing"))
      try await run("apply \(file)")
      try await run("drift --exit-code")
      var changed = try #require(try policies().first { $0.key == victim.key })
      changed.action = .allow
      try xfrm.update(changed)
      #expect(try await run("drift --exit-code", status: 2).output.hasPrefix("changed"))
      try await run("apply \(file)")

      let status = try await run("status").output
      #expect(status.contains("of \(file)") && status.contains("ours"))
      #expect(try await run("history").output.split(separator: "\n").count == 1)
      let id = try #require(try await run("history").output.split(separator: " ").first)
      #expect(try await run("history \(id)").output == text(200))
      #expect(try policies().contains(foreign))
    }

    @Test("a saved plan is carried out, and refused once the kernel has moved")
    func savedPlan() async throws {
      let file = try write(text(200), "a.yaml")
      let plan = "\(temporary.path)/plan"
      try await run("plan \(file) --out \(plan)")
      // The file is not asked any more.
      _ = try write("nonsense", "a.yaml")
      _ = try addForeign()
      let before = try policies()
      let refused = try await run("apply \(plan)", status: 75)
      #expect(refused.complaint.contains("make a new plan"))
      #expect(try policies() == before)

      _ = try write(text(200), "a.yaml")
      try await run("plan \(file) --out \(plan)")
      FileMode.set(0o620, of: plan)
      let open = try await run("apply \(plan)", status: 65)
      #expect(open.complaint.contains("can be written by others"))
      #expect(try policies() == before)
      FileMode.set(0o600, of: plan)
      try await run("apply \(plan)")
      #expect(try policies().count > before.count)
      try await run("apply \(plan)", status: 75)
    }

    @Test("what would let packets pass in clear is refused, unless it is allowed by name")
    func cleartext() async throws {
      let (first, second) = (try write(text(200), "a.yaml"), try write(text(201), "b.yaml"))
      try await run("apply \(first)")
      let before = try policies()
      let refused = try await run("apply \(second)", status: 1)
      #expect(refused.complaint.contains("--allow-cleartext rest-0"))
      #expect(try policies() == before)
      let allowed = try await run(
        "apply \(second) --allow-cleartext rest-0 --allow-cleartext in-0")
      #expect(allowed.output.contains("CLEARTEXT"))
      #expect(try policies() != before)
    }

    @Test(
      "a key that is missing stops it, and recover goes back, whatever is wrong with the ledger",
      arguments: [false, true])
    func refusal(isLedgerDamaged: Bool) async throws {
      let first = try write(text(200), "a.yaml")
      try await run("apply \(first)")
      let before = try policies()
      let stopped = try await run(
        "apply \(try write(withoutItsKey(text(200)), "b.yaml"))", status: 1)
      #expect(stopped.complaint.contains("/nowhere/key: No such file or directory"))
      #expect(try await run("status").output.contains("a run was cut short"))
      if isLedgerDamaged {
        let ledger = "\(temporary.path)/state/ledger"
        #expect(try await Shell.run("echo damaged >>\"$1\"", [ledger]).status == 0)
        let told = try await run("recover", status: 73).complaint
        #expect(told.contains("xfrmctl: went back to configuration #"))
        #expect(told.contains(" steps, but \(ledger) "), "\(told)")
      } else {
        #expect(try await run("recover").output.hasPrefix("went back"))
      }
      #expect(try await run("recover").output.hasPrefix("nothing to do"))
      #expect(try policies() == before)
    }

    @Test("without room, or on a disk that is read-only, nothing is changed")
    func noRoom() async throws {
      let file = try write(text(200), "a.yaml")
      let outcome = try await Shell.run(
        """
        unshare --net --mount sh -c '
          mkdir "$0/small" && mount -t tmpfs -o "size=$2,mode=700$3" none "$0/small" || exit 99
          "$XFRMCTL" apply "$1" --run-dir "$0/small" --state-dir "$0/state"
          status=$?
          [ -z "$("$XFRMCTL" policy list --json | grep selector)" ] || exit 98
          exit "$status"' "$@"
        """, [temporary.path, file, "4k", ""])
      #expect(outcome.status == 73, "\(outcome.complaint)")
      #expect(outcome.complaint.contains("small"))
      let readOnly = try await Shell.run(
        """
        unshare --net --mount sh -c '
          mount -t tmpfs -o ro,mode=700 none "$0/small" || exit 99
          "$XFRMCTL" apply "$1" --run-dir "$0/small" --state-dir "$0/state"' "$@"
        """, [temporary.path, file])
      #expect(readOnly.status == 73 && readOnly.complaint.contains("Read-only file system"))
      let enough = try await Shell.run(
        """
        unshare --net --mount sh -c '
          mount -t tmpfs -o mode=700 none "$0/small" || exit 99
          "$XFRMCTL" apply "$1" --run-dir "$0/small" --state-dir "$0/state"' "$@"
        """, [temporary.path, file])
      #expect(enough.status == 0, "\(enough.complaint)")
    }

    @Test(
      "guards take no keys, make room for the whole, and never take its place", Bed.isAboutDecisions
    )
    func guards() async throws {
      let file = try write(withConnection, "a.yaml")
      let unable = try await run("apply \(file)", status: 65)
      #expect(unable.complaint.contains("xfrmctl keys new a"))
      #expect(try policies() == [])

      let first = try await run("apply \(file) --guards").output
      #expect(first.contains("s: the guards of configuration #"))
      let guards = try policies()
      #expect(guards.count { $0.action == .block } == 9 && guards.allSatisfy(\.templates.isEmpty))
      #expect(guards.count { $0.action == .allow } == 1)
      #expect(try await run("apply \(file) --guards").output.hasPrefix("nothing to do"))
      #expect(try await run("status").output.contains("the guards of configuration #"))
      try await run("drift --exit-code")
      try await run("recover")
      #expect(try policies() == guards)

      // There are no keys in force that others could come after.
      try await tool.run("keys new a --config \(file) --directory \(temporary.path)/state/keys")
      #expect(try await run("rotate", status: 1).complaint.contains("`xfrmctl apply` first"))
      #expect(try policies() == guards)

      // Broken since, it still has them: of what was applied last.
      let broken = try write("spd: nonsense", "b.yaml")
      let said = try await run("apply \(broken) --guards")
      #expect(said.output.hasPrefix("nothing to do"))
      #expect(said.complaint.contains("cannot be used; these are the guards"))
      try await run("apply \(broken)", status: 65)
      #expect(try policies() == guards)

      let whole = try write(text(200), "c.yaml")
      try await run("apply \(whole) --allow-cleartext a")
      #expect(try policies().contains { !$0.templates.isEmpty })
      let after = try policies()
      #expect(try await run("apply \(file) --guards").output.hasPrefix("nothing to do"))
      #expect(try policies() == after)

      // Where somebody has flushed it the journal alone keeps nothing from leaving in clear.
      var xfrm = try XFRMClient(in: tool.namespace)
      try xfrm.perform(.flushPolicies(.main))
      try await run("apply \(whole) --guards")
      #expect(try policies().count == after.count && policies().allSatisfy(\.templates.isEmpty))
      #expect(try await run("apply \(whole) --guards").output.hasPrefix("nothing to do"))
      try await run("apply \(whole)")
      #expect(try Set(policies().map(\.key)) == Set(after.map(\.key)))
      #expect(try policies().contains { !$0.templates.isEmpty })
      // Guards do not take the place of that either, whatever the journal remembers.
      let mended = try policies()
      #expect(try await run("apply \(whole) --guards").output.hasPrefix("nothing to do"))
      #expect(try policies() == mended)
      #expect(try await !run("status").output.contains("guards of"))
      try await run("drift --exit-code")
    }

    @Test(
      "SAs with keys of files: two generations, one after the other, and no key in any file",
      .enabled(if: Bed.hasESP, "needs ESP"))
    func associations() async throws {
      let key = String(repeating: "a7b3c9d1e5f20486", count: 8)
      for name in ["in", "out"] {
        let path = try write(key, name)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      }
      func text(_ generation: Int) -> String {
        """
        connections:
          - name: a
            kind: host-to-host
            local: {address: 192.0.2.1}
            remote: {address: 198.51.100.2}
            proposal: aes256-sha256
            keys:
              in: {spi: 0x10\(generation)1, key: "file:\(temporary.path)/in"}
              out: {spi: 0x10\(generation)2, key: "file:\(temporary.path)/out"}
        """
      }
      let file = try write(text(1), "a.yaml")
      try await run("apply \(file)")
      var xfrm = try XFRMClient(in: tool.namespace)
      #expect(Set(try xfrm.associations().map(\.spi)) == [0x1011, 0x1012])
      _ = try write(text(2), "a.yaml")
      let switched = try await run("apply \(file)").output
      #expect(switched.contains("switch") && switched.contains("packets that are under way"))
      #expect(Set(try xfrm.associations().map(\.spi)) == [0x1021, 0x1022])
      #expect(try await run("apply \(file)").output.hasPrefix("nothing to do"))
      let found = try await Shell.run(
        "grep -rl -e \"$2\" \"$1/run\" \"$1/state\"", [temporary.path, String(key.prefix(16))])
      #expect(found.status == 1 && found.output == "")
    }
  }
}
