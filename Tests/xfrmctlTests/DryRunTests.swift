import Glibc
import TestSupport
import Testing
import XFRMKit

/// What a change would be, told without making it.
@Suite(
  "Dry runs and explanations", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct DryRunTests {
  static let policy =
    "policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out priority 5"
    + " tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel reqid 7"
  private static let key = "0x" + String(repeating: "c0de", count: 10)
  private static let association =
    "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 mode tunnel reqid 7"
    + " aead rfc4106(gcm(aes)) \(key) 128"

  @Test(
    "nothing is sent, and the same words without the option do it",
    arguments: ["--dry-run", "--explain", "--show-request", "--dry-run --explain --show-request"])
  func unsent(_ options: String) async throws {
    let tool = try PrivateTool()
    var xfrm = try XFRMClient(in: tool.namespace)
    let lines = [Self.policy, "state allocspi dst 192.0.2.2 proto esp min 256 max 511"]
    for line in lines {
      let outcome = try await tool.run("\(line) \(options)")
      #expect(outcome.status == 0, "\(outcome.complaint)")
      #expect(!outcome.output.isEmpty)
    }
    #expect(try xfrm.policies().isEmpty)
    #expect(try xfrm.associations().isEmpty)
    for line in lines { #expect(try await tool.run(line).status == 0) }
    #expect(try xfrm.policies().count == 1)
    #expect(try xfrm.associations().count == 1)
  }

  @Test("nothing that is there is changed either", arguments: ["--dry-run", "--explain"])
  func unchanged(_ option: String) async throws {
    let tool = try PrivateTool()
    try await tool.run(Self.policy)
    try await tool.run("state allocspi dst 192.0.2.2 proto esp min 256 max 256")
    var xfrm = try XFRMClient(in: tool.namespace)
    let before = (try xfrm.policies(), try xfrm.associations(), try xfrm.spdInfo())
    let lines = [
      "policy update src 10.1.0.0/16 dst 10.2.0.0/16 dir out priority 9",
      "policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out", "policy deleteall dir out",
      "policy flush", "policy set hthresh4 24 24", "policy setdefault out block",
      "state delete dst 192.0.2.2 proto esp spi 256", "state deleteall reqid 0", "state flush",
      "state ae set dst 192.0.2.2 proto esp spi 256 replay-oseq 7",
    ]
    for line in lines {
      let outcome = try await tool.run("\(line) \(option)")
      #expect(outcome.status == 0, "\(line): \(outcome.complaint)")
    }
    #expect(try xfrm.policies() == before.0)
    #expect(try xfrm.associations() == before.1)
    #expect(try xfrm.spdInfo() == before.2)
    #expect(try xfrm.defaultActions().outgoing == .accept)
  }

  @Test("a dry run says what would be done")
  func said() async throws {
    let tool = try PrivateTool()
    #expect(
      try await tool.run("\(Self.policy) --dry-run").output
        == "would add policy out 10.1.0.0/16 → 10.2.0.0/16; the kernel was not asked\n")
    #expect(
      try await tool.run("\(Self.association) --dry-run --quiet").output
        == "would add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001001; the kernel was not asked\n")
  }

  @Test("what the kernel would refuse is refused with 65, and the rule and the remedy are told")
  func refused() async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.run(
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 mode transport tfcpad 64"
        + " aead rfc4106(gcm(aes)) generate 128 --dry-run")
    #expect(outcome.status == 65)
    #expect(outcome.output.hasPrefix("refused       S3.padding-mode: "), "\(outcome.output)")
    #expect(
      outcome.complaint == """
        xfrmctl: the kernel would refuse to add ESP SA 192.0.2.1 → 192.0.2.2 SPI 0x00001001: \
        S3.padding-mode

        """)
  }

  @Test("a request shown is the one that xfrmctl ip shows, keys left out unless asked for")
  func request() async throws {
    let tool = try PrivateTool()
    for line in [Self.policy, Self.association] {
      let ours = try await tool.run("\(line) --show-request --quiet")
      let shown = try await tool.run("\(line) --show-request --quiet --show-keys")
      let theirs = try await tool.run("ip --show-request xfrm \(line)")
      #expect(shown.output == theirs.output)
      #expect(theirs.output.count > 200)
      #expect(theirs.output.contains("c0de") == (line == Self.association))
      #expect(!ours.output.contains("c0de"))
      #expect(ours.output.count == theirs.output.count)
    }
  }

  @Test("an explanation names every part, and of a key its length")
  func explanation() async throws {
    let tool = try PrivateTool()
    let policy = try await tool.run("\(Self.policy) --explain").output
    for word in ["XFRM_MSG_NEWPOLICY, ", "prefixlen_d", "10.2.0.0", "XFRMA_TMPL", "tunnel"] {
      #expect(policy.contains(word), "\(word) in\n\(policy)")
    }
    let association = try await tool.run("\(Self.association) --explain --quiet --show-keys").output
    #expect(association.contains("XFRMA_ALG_AEAD  rfc4106(gcm(aes)), a key of 20 bytes"))
    #expect(!association.contains("c0de"))
    for line in (policy + association).split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }
}
