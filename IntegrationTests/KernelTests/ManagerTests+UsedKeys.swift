import TestSupport
import Testing
import XFRMConfig
import XFRMKit

/// Keys that were used: whoever would take one does not even begin.
extension Kernel.ManagerTests {
  private func connection(_ proposal: String) -> String {
    """
    connections:
      - name: c
        kind: host-to-host
        local: {address: 192.0.2.1}
        remote: {address: 198.51.100.2}
        proposal: \(proposal)
    """
  }

  private func makeKeys(_ file: String) async throws {
    let made = try await tool.run(
      "keys new c --config \(file) --directory \(temporary.path)/state/keys")
    #expect(made.status == 0, "\(made.complaint)")
  }

  /// Notes keys in the ledger as those of an SA that another run of the kernel had.
  private func noteUsed(_ file: String, _ text: String) throws {
    let directory = KeyDirectory("\(temporary.path)/state/keys")
    let recorded = RecordedConfiguration(
      file: file, host: "", variables: [:], texts: [file: text])
    let state = try #require(recorded.load().configuration)
      .expanded(try StoredBundles(directory)).state
    var ledger = try Ledger.open(
      in: "\(temporary.path)/state", for: KernelRun(boot: "the boot before", namespace: 1))
    for entry in state.associations {
      try ledger.admit(entry, KeyResolver(directory).key(for: entry))
    }
  }

  @Test(
    "plan warns of a key that was used in the boot before, and apply begins nothing",
    Bed.isAboutDecisions, arguments: ["aes256gcm16", "aes256-sha256"])
  func usedKeys(proposal: String) async throws {
    let first = try write(text(200), "a.yaml")
    try await run("apply \(first)")
    let before = try policies()
    let words = "\(text(200))\n\(connection(proposal))"
    let second = try write(words, "b.yaml")
    try await makeKeys(second)
    // The control: keys that nobody used.
    #expect(try await !run("plan \(second)").output.contains("was used"))
    try noteUsed(second, words)

    let plan = try await run("plan \(second) --exit-code", status: 2).output
    for line in plan.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let planned = plan.replacing("\n", with: " ")
    #expect(
      planned.contains("warning: apply will not do this: the key of c/in#1 was used before"),
      "\(plan)")
    #expect(planned.contains("`xfrmctl keys new c`"), "\(plan)")
    let refused = try await run("apply \(second)", status: 1).complaint
    #expect(
      refused.contains("; this host has started anew since") && refused.contains("rotate c`"),
      "\(refused)")
    #expect(refused.hasSuffix("; nothing was done\n"), "\(refused)")
    #expect(try policies() == before)
    #expect(try await !run("status").output.contains("cut short"))
    #expect(try await run("history").output.split(separator: "\n").count == 1)
    try await run("drift --exit-code")

    try await makeKeys(second)
    #expect(try await !run("plan \(second)").output.contains("was used"))
  }

  @Test(
    "a rollback to a connection whose keys were used is refused before its guards",
    .enabled(if: Bed.hasESP, "needs ESP"), Bed.needsSpeed,
    arguments: ["aes256gcm16", "aes256-sha256"])
  func rollbackToUsedKeys(proposal: String) async throws {
    let first = try write("\(text(200))\n\(connection(proposal))", "a.yaml")
    try await makeKeys(first)
    try await run("apply \(first)")
    try await run("apply \(try write(text(200), "b.yaml")) --allow-cleartext c")
    let before = try policies()
    let refused = try await run("rollback", status: 1).complaint
    #expect(refused.contains("was used before") && refused.contains("nothing was done"))
    #expect(!refused.contains("started anew"))
    #expect(try policies() == before)
    #expect(try await !run("status").output.contains("cut short"))
    try await makeKeys(first)
    try await run("rollback")
    #expect(try policies().count > before.count)

    // Flushed, of which drift tells; what applies it again says what is missing.
    var xfrm = try XFRMClient(in: tool.namespace)
    try xfrm.flushAssociations()
    try await run("drift --exit-code", status: 2)
    let flushed = try policies()
    #expect(try await run("apply \(first)", status: 1).complaint.contains("keys new c`"))
    #expect(try policies() == flushed)
    try await makeKeys(first)
    try await run("apply \(first)")
    try await run("drift --exit-code")
  }

  @Test(
    "a key that stays the same is taken in each boot, with a warning of what the other end does",
    Bed.isAboutDecisions)
  func keysThatStay() async throws {
    for name in ["in", "out"] {
      let path = try write(String(repeating: "a7b3c9d1e5f20486", count: 8), name)
      FileMode.set(0o600, of: path)
    }
    func text(window: Int) -> String {
      """
      \(connection("aes256-sha256"))
          anti-replay-window-size: \(window)
          ext-seq-num: \(window > 0)
          keys:
            in: {spi: 0x1011, key: "file:\(temporary.path)/in"}
            out: {spi: 0x1012, key: "file:\(temporary.path)/out"}
      waivers: {no-anti-replay: [c]}
      """
    }
    let file = try write(text(window: 64), "b.yaml")
    let warning = "warning: c/out will count packets from 1 with a key that stays the same"
    func plan(_ runFolder: String) async throws -> String {
      let planned = try await tool.run(
        "plan \(file) \(Self.allowance) --run-dir \(temporary.path)/\(runFolder) "
          + "--state-dir \(temporary.path)/state")
      #expect(planned.status == 0, "\(planned.complaint)")
      return planned.output.replacing("\n", with: " ")
    }
    #expect(try await !plan("run").contains("will count"))
    try await run("apply \(try write(self.text(200), "a.yaml"))")
    // As long as something is in force this is new.
    #expect(try await !plan("run").contains("will count"))
    var xfrm = try XFRMClient(in: tool.namespace)
    try xfrm.flushPolicies()
    // Another journal: the machine has started anew.
    #expect(try await plan("next").contains(warning))
    _ = try write(text(window: 0), "b.yaml")
    #expect(try await !plan("next").contains("will count"))
  }
}
