import Glibc
import TestSupport
import Testing
import XFRMKit

/// Commands that delete many objects at once.
@Suite("Clearing", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct ClearingTests {
  /// Adds a policy and an SPI for each of six: three of reqid 7, two of 8, one of 9.
  private func full() throws -> PrivateTool {
    let tool = try PrivateTool()
    var xfrm = try XFRMClient(in: tool.namespace)
    // SAs that wait to be completed are to wait for as long as the tests take.
    try KernelSetting.acquireSeconds.set(3_600, in: tool.namespace)
    for (number, requestID) in [7, 7, 7, 8, 8, 9].enumerated() {
      let template = Template(
        from: .v4(0xc000_0201), to: .v4(0xc000_0202), mode: number == 5 ? .transport : .tunnel,
        requestID: UInt32(requestID))
      var policy = Policy(
        Selector(from: IPPrefix(.v4(UInt32(number))), to: .any(.ipv4)),
        direction: number == 5 ? .incoming : .outgoing, templates: [template])
      policy.priority = UInt32(number)
      policy.mark = number == 4 ? Mark(5) : nil
      policy.interfaceID = number == 3 ? 33 : 0
      try xfrm.add(policy)
      var request = SPIRequest(
        from: .v4(0xc000_0200 + UInt32(number)), to: .v4(0xc000_0202),
        mode: number == 5 ? .transport : .tunnel)
      request.requestID = UInt32(requestID)
      request.mark = number == 4 ? Mark(5) : nil
      request.interfaceID = number == 3 ? 33 : nil
      _ = try xfrm.allocateSPI(request)
    }
    return tool
  }

  @Test(
    "all of it is deleted by --yes only, and it is told what that would be",
    arguments: ["state flush", "state deleteall", "policy flush", "policy deleteall"])
  func unscoped(_ line: String) async throws {
    let tool = try full()
    var xfrm = try XFRMClient(in: tool.namespace)
    let isState = line.hasPrefix("state")
    func count() throws -> Int {
      isState ? try xfrm.associations().count : try xfrm.policies().count
    }
    let noun = isState ? "SAs" : "policies"
    let inventory = "6 \(noun) (3 of reqid 7, 2 of reqid 8, 1 of reqid 9)"

    let refused = try await tool.run(line)
    #expect(refused.status == 64)
    #expect(
      refused.complaint
        == "xfrmctl: this would delete \(inventory): say --yes, or which ones\n")
    #expect(try count() == 6)

    // An answer that comes from no terminal is none.
    #expect(try await tool.run(line, input: "yes\n").status == 64)
    #expect(try count() == 6)

    let told = try await tool.run("\(line) --dry-run --yes")
    #expect(told.status == 0)
    #expect(told.output == "would delete \(inventory); nothing was sent\n")
    #expect(try count() == 6)

    let done = try await tool.run("\(line) --yes")
    #expect(done.status == 0, "\(done.complaint)")
    #expect(try count() == 0)
  }

  @Test(
    "deleteall deletes the SAs that are meant, and no others",
    arguments: [
      ("reqid 8", [0, 1, 2, 5]), ("mark 5", [0, 1, 2, 3, 5]), ("if_id 33", [0, 1, 2, 4, 5]),
      ("mode transport", [0, 1, 2, 3, 4]), ("src 192.0.2.2", [0, 1, 3, 4, 5]),
      ("src 192.0.2.0/31 reqid 7", [2, 3, 4, 5]), ("reqid 77", [0, 1, 2, 3, 4, 5]),
      ("dst 192.0.2.2 proto esp", []),
    ])
  func scopedAssociations(_ words: String, _ left: [UInt32]) async throws {
    let tool = try full()
    var xfrm = try XFRMClient(in: tool.namespace)
    let outcome = try await tool.run("state deleteall \(words)")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output == "\(6 - left.count) deleted\n")
    let sources = try xfrm.associations().map(\.source)
    #expect(Set(sources) == Set(left.map { .v4(0xc000_0200 + $0) }))
    #expect(try xfrm.policies().count == 6)
  }

  @Test(
    "deleteall deletes the policies that are meant, and no others",
    arguments: [
      ("reqid 8", [0, 1, 2, 5]), ("mark 5", [0, 1, 2, 3, 5]), ("if_id 33", [0, 1, 2, 4, 5]),
      ("priority 2", [0, 1, 3, 4, 5]), ("dir in", [0, 1, 2, 3, 4]),
      ("src 0.0.0.2/31", [0, 1, 4, 5]), ("dir out reqid 9", [0, 1, 2, 3, 4, 5]),
      ("action allow", []),
    ])
  func scopedPolicies(_ words: String, _ left: [UInt32]) async throws {
    let tool = try full()
    var xfrm = try XFRMClient(in: tool.namespace)
    let outcome = try await tool.run("policy deleteall \(words)")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output == "\(6 - left.count) deleted\n")
    #expect(try xfrm.policies().map(\.priority).sorted() == left)
    #expect(try xfrm.associations().count == 6)
  }

  @Test("a policy that is wider than a prefix is not within it")
  func wider() async throws {
    func left(_ command: String) async throws -> [UInt32] {
      let tool = try PrivateTool()
      var xfrm = try XFRMClient(in: tool.namespace)
      for length: UInt8 in [8, 24, 32] {
        let source = IPPrefix(.v4(0x0a00_0000), length: length)
        var policy = Policy(Selector(from: source, to: .any(.ipv4)), direction: .outgoing)
        policy.priority = UInt32(length)
        try xfrm.add(policy)
      }
      let outcome = try await tool.run("\(command) policy deleteall src 10.0.0.0/24 dir out")
      #expect(outcome.status == 0, "\(outcome.complaint)")
      return try xfrm.policies().map(\.priority)
    }
    #expect(try await left("") == [8])
    // As iproute2 does it.
    #expect(try await left("ip xfrm") == [])
  }

  @Test(
    "words that leave nothing out do not say which", arguments: ["policy nosock", "state nokeys"])
  func meansAll(_ words: String) async throws {
    let tool = try full()
    let parts = words.split(separator: " ")
    let outcome = try await tool.run("\(parts[0]) deleteall \(parts[1])")
    #expect(outcome.status == 64)
    #expect(outcome.complaint.contains("say --yes"))
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try xfrm.policies().count == 6)
    #expect(try xfrm.associations().count == 6)
  }

  @Test("deleteall finds the policy of an index")
  func index() async throws {
    let tool = try full()
    var xfrm = try XFRMClient(in: tool.namespace)
    let policies = try xfrm.policies()
    let meant = try #require(policies.first { $0.priority == 3 })
    #expect(try await tool.run("policy deleteall index \(meant.index)").output == "1 deleted\n")
    #expect(try xfrm.policies() == policies.filter { $0.index != meant.index })
  }

  @Test("flush of one protocol leaves the others")
  func flushedProtocol() async throws {
    let tool = try full()
    var xfrm = try XFRMClient(in: tool.namespace)
    #expect(try await tool.run("state flush proto ah --yes").status == 0)
    #expect(try xfrm.associations().count == 6)
    #expect(try await tool.run("state flush proto esp --yes").status == 0)
    #expect(try xfrm.associations().isEmpty)
  }

  @Test(
    "on a terminal it asks, and anything but yes means no",
    .enabled(if: Program("script") != nil, "needs script of util-linux"),
    arguments: [("y", 0), ("yes", 0), ("n", 6), ("", 6), ("please", 6)])
  func asks(_ answer: String, _ left: Int) async throws {
    let tool = try full()
    var xfrm = try XFRMClient(in: tool.namespace)
    let outcome = try await tool.runOnTerminal("policy flush", input: "\(answer)\n")
    #expect(
      outcome.output.contains("Delete 6 policies (3 of reqid 7, 2 of reqid 8, 1 of reqid 9)? [y/N]")
    )
    #expect(outcome.output.contains("nothing was done") == (left == 6))
    #expect(outcome.status == (left == 6 ? 1 : 0))
    #expect(try xfrm.policies().count == left)
  }
}
