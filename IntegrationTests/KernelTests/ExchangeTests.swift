import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// `xfrmctl export`, and what its configurations come to on a kernel.
  @Suite("Export", Bed.needsSpeed)
  struct ExchangeTests {
    private let temporary: TemporaryFolder
    private var folders: String {
      "--run-dir \(temporary.path)/run --state-dir \(temporary.path)/state"
    }

    init() throws { temporary = try TemporaryFolder() }

    @Test("policies of anybody, applied elsewhere, are the same", arguments: 0..<6 as Range<UInt64>)
    func policies(seed: UInt64) async throws {
      let random = RandomKernel(seed: seed, isPlain: true)
      try await exchange(random.policies, [])
    }

    @Test(
      "SAs and policies of anybody, applied elsewhere, are the same", Bed.needsESP,
      arguments: 0..<4 as Range<UInt64>)
    func associations(seed: UInt64) async throws {
      let random = RandomKernel(seed: seed, isPlain: true, proposals: [.aes256sha256])
      try await exchange(random.policies, random.associations)
    }

    private func exchange(
      _ policies: [Policy], _ associations: [SecurityAssociation]
    ) async throws {
      let (source, target) = (try PrivateTool(), try PrivateTool())
      var xfrm = try XFRMClient(in: source.namespace)
      for association in associations { try xfrm.add(association) }
      for policy in policies { try xfrm.add(policy) }
      let before = (try xfrm.policies(), try xfrm.associations())

      let file = "\(temporary.path)/kernel.yaml"
      let exported = try await run(source, "export --keys-to \(temporary.path)/keys")
      try Data(exported.utf8).write(to: URL(filePath: file))
      #expect(!exported.contains("lockdown"))
      expectNoKey(of: associations, in: exported)
      try await run(source, "config check \(file)")
      // All that is in the way is whose they are.
      let plan = try await source.run("plan \(file) \(folders)")
      let shown = try await run(source, "config show \(file) --expanded")
      for line in plan.complaint.split(separator: "\n") where line.hasPrefix("xfrmctl: ") {
        #expect(line.contains("that is not ours"), "\(line)")
      }
      #expect(shown.contains("spd:") || policies.isEmpty)
      #expect(plan.status == 1)
      #expect(try xfrm.policies() == before.0)
      #expect(try xfrm.associations().count == before.1.count)

      let names = said(exported).filter { $0.contains("name: ") }.compactMap {
        $0.split(separator: " ").last
      }
      let allowance = names.map { "--allow-cleartext \($0)" }.joined(separator: " ")
      try await run(target, "apply \(file) \(folders) \(allowance)")
      let again = try await run(target, "export --foreign \(folders)")
      #expect(!again.contains("name: "))
      let ours = try await run(target, "export --ours \(folders)")
      #expect(entries(ours) == entries(exported))
      #expect(names.count > 1)
    }

    @discardableResult
    private func run(_ tool: PrivateTool, _ line: String) async throws -> String {
      let outcome = try await tool.run(line)
      #expect(outcome.status == 0, "\(line): \(outcome.complaint)")
      return outcome.output
    }

    /// What a configuration says, without comments.
    private func said(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    /// Each entry without what is another one's there: names and files. Where entries have no packet
    /// in common their order is of no concern.
    private func entries(_ text: String) -> [String] {
      var entries: [String] = []
      for line in said(text) {
        if line.hasPrefix("  - name: ") {
          entries.append("")
        } else if let last = entries.indices.last, line.hasPrefix("    "), !line.contains("key: ") {
          entries[last] += line + "\n"
        }
      }
      return entries.sorted()
    }

    private func expectNoKey(of associations: [SecurityAssociation], in text: String) {
      let squeezed = text.lowercased()
      for association in associations {
        for key in [association.encryption?.key, association.authentication?.key] {
          guard let key else { continue }
          let digits = key.withBytes { bytes in
            bytes.indices.map { index in
              (bytes[index] < 16 ? "0" : "") + String(bytes[index], radix: 16)
            }.joined()
          }
          #expect(!squeezed.contains(digits.prefix(16)))
        }
      }
    }
  }
}
