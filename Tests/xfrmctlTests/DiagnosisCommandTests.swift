import FoundationEssentials
import Glibc
import TestSupport
import Testing
import XFRMDiagnosis
import XFRMKit

@testable import xfrmctl

/// `xfrmctl explain` and `xfrmctl doctor`, as a user meets them.
@Suite("Diagnosis on the command line")
struct DiagnosisCommandTests {
  private static let policies = [
    "src 10.1.0.0/16 dst 10.2.0.0/16 dir out priority 5 "
      + "tmpl src 192.0.2.1 dst 192.0.2.2 proto esp reqid 1 mode tunnel",
    "src 10.0.0.0/8 dst 10.0.0.0/8 dir out priority 9 action block",
    "src 10.1.0.0/16 dst 10.2.0.0/16 proto tcp dport 22 dir out priority 1",
    "src 10.2.0.0/16 dst 10.1.0.0/16 dir fwd priority 5 "
      + "tmpl src 192.0.2.2 dst 192.0.2.1 proto esp reqid 1 mode tunnel",
  ]

  private func tool() async throws -> PrivateTool {
    let tool = try PrivateTool()
    for policy in Self.policies { try await tool.run("policy add \(policy)") }
    return tool
  }

  private static let isRoot = ConditionTrait.enabled(
    if: geteuid() == 0, "needs root for network namespaces")

  @Test("a packet's fate is explained, with the reason of each policy that is not hit", isRoot)
  func explain() async throws {
    let tool = try await tool()
    let outcome = try await tool.run("explain packet 10.1.0.2 10.2.0.2 udp 5000 53")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    let text = outcome.output
    #expect(text.hasPrefix("10.1.0.2 → 10.2.0.2 UDP from port 5000 to port 53, out\n"))
    #expect(text.contains("The packet is dropped: there is no SA as its policy asks.\n"))
    #expect(text.contains("   policy 10.1.0.0/16 → 10.2.0.0/16 out, priority 5"))
    #expect(text.contains("priority 1, index"))
    #expect(text.contains("for TCP"))
    #expect(text.contains("higher number"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let ssh = try await tool.run("explain packet 10.1.0.2 10.2.0.2 tcp 5000 22").output
    #expect(ssh.contains("The packet goes on in clear."))
    let forwarded = try await tool.run("explain packet 10.2.0.2 10.1.0.2 --dir fwd").output
    #expect(forwarded.contains("is let in only if it came through an SA"))
    let none = try await tool.run("explain packet 192.0.2.1 10.1.0.2").output
    #expect(none.contains("none is for it"))
  }

  @Test("as JSON it is as the schema has it", isRoot)
  func explanationJSON() async throws {
    let tool = try await tool()
    let schema = try JSONSchema(named: "packet-explanation")
    for line in ["10.1.0.2 10.2.0.2", "10.2.0.2 10.1.0.2 --dir fwd", "10.1.0.2 192.0.2.9"] {
      let text = try await tool.run("explain packet \(line) --json").output
      let json = try JSONValue(parsing: text)
      #expect(try schema.complaints(about: json) == [])
      let other = try JSONValue(parsing: text.replacing("fate", with: "fade"))
      #expect(try schema.complaints(about: other) != [])
    }
  }

  @Test(
    "what is no packet is refused",
    arguments: [
      "10.1.0.2", "10.1.0.2 fd00::1", "10.1.0.2 nobody", "10.1.0.2 10.2.0.2 nonsense",
      "10.1.0.2 10.2.0.2 udp 70000", "10.1.0.2 10.2.0.2 --dir up", "10.1.0.2 10.2.0.2 --mark x",
    ])
  func refused(line: String) async throws {
    let outcome = try await Tool.run(
      ["explain", "packet"] + line.split(separator: " ").map(String.init))
    #expect(outcome.status == 64 && outcome.output.isEmpty)
  }

  @Test("the doctor tells causes by its exit status, too", isRoot)
  func doctor() async throws {
    let healthy = try await PrivateTool().run("doctor --interval 0")
    #expect(healthy.status == 0, "\(healthy.complaint)")
    #expect(healthy.output.hasPrefix("nothing is wrong: no packet went through an SA meanwhile"))
    let tool = try await tool()
    let outcome = try await tool.run("doctor --interval 0")
    #expect(outcome.status == 2)
    #expect(outcome.output.hasPrefix("no-route\n"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let text = try await tool.run("doctor --interval 0 --json").output
    let schema = try JSONSchema(named: "diagnosis")
    #expect(try schema.complaints(about: JSONValue(parsing: text)) == [])
    let other = try JSONValue(parsing: text.replacing("evidence", with: "prove"))
    #expect(try schema.complaints(about: other) != [])
    #expect(try await tool.run("doctor --netns no-such --interval 0").status == 65)
  }

  @Test("every cause fits into 80 columns")
  func width() {
    for id in CauseID.allCases {
      let seen = ["XfrmInStateProtoError rose by 18,446,744,073,709,551,615: " + id.title, "short"]
      let lines = DiagnosisText.lines(Cause(id, on: "the-other-end", evidence: seen))
      #expect(lines.count >= 5 && lines.contains("  seen  short"))
      for line in lines { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test("what was dropped is counted by reason, and told in 80 columns", isRoot)
  func statistics() async throws {
    let tool = try PrivateTool()
    #expect(try await tool.run("statistics").output == "nothing was dropped\n")
    var xfrm = try XFRMClient(in: tool.namespace)
    try xfrm.add(Policy(.any(.ipv4), direction: .outgoing, action: .block))
    // Loopback heeds no policy.
    _ = try await tool.shell(
      "ip link add v0 type veth peer name v1 && ip address add 192.0.2.1/24 dev v0"
        + " && ip link set v0 up && ip link set v1 up"
        + " && exec bash -c 'echo >/dev/udp/192.0.2.2/9'")
    let told = try await tool.run("statistics").output
    #expect(told.hasPrefix("XfrmOutPolBlock "), "\(told)")
    #expect(told.contains("\n  a policy blocks them\n"))
    let json = try JSONValue(parsing: try await tool.run("statistics --json").output)
    #expect(try JSONSchema(named: "statistics").complaints(about: json) == [])
    let all = StatisticsText(
      ErrorCounters(
        parsing: try ErrorCounters(of: tool.namespace).byName.keys.map {
          "\($0) 18446744073709551615"
        }.joined(separator: "\n")))
    #expect(all.lines.count > 40)
    for line in all.lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test("SAs that almost would do are counted apart from those that lead elsewhere")
  func losers() {
    let ends = (IPAddress.v4(0xc000_0201), IPAddress.v4(0xc000_0202))
    let associations = (UInt32(0)..<12).map { number in
      var association = SecurityAssociation(
        from: ends.0, to: number < 10 ? ends.1 : .v4(1), spi: SPI(rawValue: 0x100 + number),
        mode: .tunnel)
      association.requestID = 2
      return association
    }
    let policy = Policy(
      .any(.ipv4), direction: .outgoing,
      templates: [Template(from: ends.0, to: ends.1, mode: .tunnel, requestID: 1)])
    let text = PacketExplanationText(
      PacketExplanation(
        PacketQuery(PacketFlow(from: .v4(2), to: .v4(3))),
        in: PacketLookup(policies: [policy], associations: associations))
    ).lines.joined(separator: "\n")
    #expect(text.contains("nor 2 more that do not do"))
    #expect(text.contains("nor 2 more, which lead elsewhere"))
  }

  @Test("every cause has a line in docs/DIAGNOSIS.md")
  func page() throws {
    let path =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      .joined(separator: "/") + "/docs/DIAGNOSIS.md"
    let page = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count == CauseID.allCases.count)
    for (id, row) in zip(CauseID.allCases, rows) {
      #expect(row.hasPrefix("| `\(id.rawValue)` | \(id.title) | "))
    }
  }
}
