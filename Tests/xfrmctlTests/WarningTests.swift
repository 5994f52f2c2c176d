import Glibc
import TestSupport
import Testing
import XFRMKit

/// What is done all the same, but not without a word.
@Suite("Warnings", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct WarningTests {
  private static let passing = "policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out"

  @Test(
    "a policy that lets packets pass in clear is warned of, and added",
    arguments: [
      "add", "update",
    ])
  func bypass(_ verb: String) async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.run(Self.passing.replacing("add", with: verb))
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(outcome.complaint.hasPrefix("xfrmctl: warning: D.clear: "))
    #expect(outcome.complaint.split(separator: "\n").count == 1)
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try xfrm.policies().count == 1)
  }

  @Test(
    "--quiet keeps it back, and what is in order has none",
    arguments: [
      "\(passing) --quiet", "\(passing) -q", "\(passing) action block", DryRunTests.policy,
    ])
  func quiet(_ line: String) async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.run(line)
    #expect(outcome.status == 0)
    #expect(outcome.complaint == "")
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try xfrm.policies().count == 1)
  }

  @Test("what the kernel ignores without a word is read back and told")
  func untaken() async throws {
    let tool = try PrivateTool()
    let first = try await tool.run("\(DryRunTests.policy) index 17")
    #expect(first.status == 0)
    #expect(first.complaint == "")
    // A policy that is replaced keeps its index.
    let line = DryRunTests.policy.replacing("policy add", with: "policy update") + " index 25"
    let outcome = try await tool.run(line)
    #expect(outcome.status == 0)
    #expect(
      outcome.complaint
        == "xfrmctl: warning: the kernel ignored index: 25 was asked for, the kernel has 17\n")
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try xfrm.policies().map(\.index) == [17])
    #expect(try await tool.run("\(line) --quiet").complaint == "")
  }
}
