import Glibc
import TestSupport
import Testing
import XFRMKit

@testable import xfrmctl

/// What is said when a change cannot be made.
@Suite(
  "Refusals of changes", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct ChangeErrorTests {
  @Test("the word at fault is marked")
  func marked() async throws {
    let tool = try PrivateTool()
    let wrong = try await tool.run("policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir sideways prio 3")
    #expect(wrong.status == 64)
    #expect(
      wrong.complaint == """
        xfrmctl: argument "sideways" is wrong: DIR value is invalid
          policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir sideways prio 3
                                                        ^~~~~~~~ expected in, out or fwd

        """)
    let missing = try await tool.run("p add src 10.0.0.0/8 dst")
    #expect(missing.status == 64)
    #expect(
      missing.complaint == """
        xfrmctl: words are missing at the end
          policy add src 10.0.0.0/8 dst …
                                        ^ expected an address or a prefix

        """)
  }

  @Test("a misspelt keyword is called one, and the nearest that fits there is named")
  func misspelt() async throws {
    let tool = try PrivateTool()
    let policy = try await tool.run("policy add src 10.1.0.0/16 dir out acton block")
    #expect(policy.status == 64)
    #expect(
      policy.complaint == """
        xfrmctl: "acton" is no keyword; did you mean “action”?
          policy add src 10.1.0.0/16 dir out acton block
                                             ^~~~~

        """)
    let id = "src 192.0.2.1 dst 192.0.2.2 proto esp spi 1"
    for (line, words) in [
      ("state add \(id) reqd 7", "\"reqd\" is no keyword; did you mean “reqid”?"),
      ("state add scr 192.0.2.1", "\"scr\" is no keyword; did you mean “src”?"),
      ("policy list dri out", "\"dri\" is no keyword; did you mean “dir”?"),
      ("state list frobnicate", "\"frobnicate\" is no keyword\n"),
      // It is one, but not a second time.
      ("policy add src 10.0.0.1 dir out dst 10.0.0.2", "\"dst\" is wrong: it does not belong here"),
    ] {
      let outcome = try await tool.run(line)
      #expect(outcome.status == 64)
      #expect(outcome.complaint.contains(words), "\(outcome.complaint)")
    }
    let batch = try await tool.run("batch -", input: "ip xfrm state add \(id) reqd 7\n")
    #expect(batch.complaint.contains("did you mean “reqid”?"), "\(batch.complaint)")
    // Byte for byte what ip says.
    let ip = try await tool.run("ip xfrm policy add src 10.1.0.0/16 dir out acton block")
    #expect(ip.complaint == "Error: duplicate \"unknown\": \"acton\" is the second value.\n")
  }

  @Test("an option that there is none of is no word of a selector")
  func option() async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.run("policy add dir out --dry-runs")
    #expect(outcome.status == 64)
    #expect(
      outcome.complaint == """
        xfrmctl: there is no option "--dry-runs"
          policy add dir out --dry-runs
                             ^~~~~~~~~~ expected those that --help lists

        """)
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try xfrm.policies().isEmpty)
  }

  @Test(
    "every refusal has its exit status",
    arguments: [
      ("state add src 192.0.2.1 dst 192.0.2.2 proto esp spi bogus", 64, "SPI value is invalid"),
      (
        "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 257", 65, "is required with XFRM-PROTO"
      ),
      ("state allocspi dst 192.0.2.2 proto esp min 9 max 8", 65, "is larger than"),
      ("state ae", 64, "expected get or set"),
      ("state ae set dst 192.0.2.2 proto esp spi 257", 65, "nothing is set"),
      ("policy delete src 10.0.0.0/8 dst 10.1.0.0/16", 65, "DIR is required"),
      ("policy add dir out tmpl mode sideways", 64, "MODE value is invalid"),
      ("policy count now", 64, "Unexpected argument 'now'"),
      ("history 91c2a07e --state-dir /nowhere --run-dir /nowhere", 65, "no configuration #91c2"),
      ("rollback 91c2a07e --state-dir /nowhere --run-dir /nowhere", 65, "is not in the history of"),
      ("policy get index 4 dir out", 1, "No such file or directory (ENOENT)"),
      ("policy delete src 10.0.0.0/8 dst 10.1.0.0/16 dir out", 1, "there is none"),
      ("state get dst 192.0.2.2 proto esp spi 257", 1, "No such process (ESRCH): there is none"),
      ("state ae get dst 192.0.2.2 proto esp spi 257", 1, "there is none"),
      ("state delete dst 192.0.2.2 proto esp spi 257", 1, "there is none"),
    ])
  func status(_ line: String, _ status: Int32, _ words: String) async throws {
    let outcome = try await PrivateTool().run(line)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.complaint.contains(words), "\(outcome.complaint)")
    #expect(outcome.complaint.hasPrefix("xfrmctl: "))
    for line in outcome.complaint.split(separator: "\n").dropFirst() { #expect(line.count <= 80) }
  }

  @Test("the second of two equal policies is refused, and the reason told")
  func twice() async throws {
    let tool = try PrivateTool()
    let line = "policy add src 10.0.0.0/8 dst 10.1.0.0/16 dir out --quiet"
    #expect(try await tool.run(line).status == 0)
    let outcome = try await tool.run(line)
    #expect(outcome.status == 1)
    #expect(
      outcome.complaint == """
        xfrmctl: cannot add policy out 10.0.0.0/8 → 10.1.0.0/16: File exists (EEXIST): there is one \
        already

        """)
  }

  @Test("an SA ends as the library says that it has to on this kernel")
  func algorithm() async throws {
    let tool = try PrivateTool()
    var xfrm = try XFRMClient(in: tool.namespace)
    var expected = ExitStatus.done
    var refusal: XFRMError?
    do throws(XFRMError) { try xfrm.add(RuleExamples.association) } catch {
      refusal = error
      expected = ExitStatus(error)
    }
    let outcome = try await tool.run(
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x2001 mode tunnel"
        + " aead rfc4106(gcm(aes)) generate 128")
    #expect(outcome.status == expected.rawValue, "\(outcome.complaint)")
    #expect(outcome.complaint.isEmpty == (refusal == nil))
    if case .noAlgorithm? = refusal?.cause {
      #expect(outcome.status == 69)
      #expect(
        outcome.complaint.hasSuffix(
          "no rfc4106(gcm(aes)) in this kernel; `xfrmctl check` tells why\n"))
    }
  }

  /// A user without any privilege, who has to be able to get at the tool.
  private static let nobody: UInt32 = 65_534

  @Test(
    "without privilege it is said what it takes, with 77",
    .enabled(if: Program("setpriv") != nil, "needs setpriv of util-linux"),
    arguments: [
      "state list", "state count", "policy list --json", "policy flush --yes",
      "policy add dir out", "state allocspi dst 192.0.2.2 proto esp min 256 max 511",
      "state ae get dst 192.0.2.2 proto esp spi 257", "monitor", "batch - --keep-going",
    ])
  func unprivileged(_ line: String) async throws {
    let tool = try PrivateTool()
    guard try await tool.run("--version", user: Self.nobody).status == 0 else {
      try Test.cancel("nobody cannot run what lies in this folder")
    }
    let outcome = try await tool.run(line, input: "policy list\n", user: Self.nobody)
    #expect(outcome.status == 77)
    #expect(outcome.output == "")
    #expect(outcome.complaint.contains("Operation not permitted"), "\(outcome.complaint)")
    #expect(outcome.complaint.contains("CAP_NET_ADMIN"))
  }

  @Test("a dry run takes no privilege", .enabled(if: Program("setpriv") != nil, "needs setpriv"))
  func unprivilegedTrial() async throws {
    let tool = try PrivateTool()
    guard try await tool.run("--version", user: Self.nobody).status == 0 else {
      try Test.cancel("nobody cannot run what lies in this folder")
    }
    let outcome = try await tool.run("\(DryRunTests.policy) --dry-run", user: Self.nobody)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("would add policy"))
  }

  @Test(
    "a namespace that does not exist is told before anything is done",
    arguments: [
      "policy add dir out", "state flush --yes", "state list", "monitor", "batch /dev/null",
      "policy getdefault", "state ae get dst 192.0.2.2 proto esp spi 257",
    ])
  func namespace(_ line: String) async throws {
    let outcome = try await PrivateTool().run("\(line) --netns no-such-namespace")
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.complaint.hasPrefix("xfrmctl: cannot enter network namespace “no-such-namespace”"))
  }
}
