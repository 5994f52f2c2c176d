import TestSupport
import Testing

/// `xfrmctl check --explain` as a user meets it.
@Suite("Explanations")
struct ExplainTests {
  @Test(
    "a line, a number and a check are explained",
    arguments: [
      ("received netlink error: Protocol not supported (93)", "charon.no-protocol"),
      ("-93", "EPROTONOSUPPORT"), ("xfrm.netlink", "xfrm.netlink"),
    ])
  func single(text: String, id: String) async throws {
    let outcome = try await Tool.run(["check", "--explain", text])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("“\(text)”\n  \(id)  "), "\(outcome.output)")
    #expect(outcome.output.contains("\n\nOn this host\n  ["))
    #expect(outcome.complaint == "")
  }

  @Test("a log is explained line by line, and shows no keys")
  func log() async throws {
    let outcome = try await Shell.run(
      "\"$XFRMCTL\" check --explain -",
      input: """
        charon started
        enc 0x00112233445566778899: received netlink error: Function not implemented (38)
        unable to get SPI

        """)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("line 2: “enc … received netlink error"))
    #expect(outcome.output.contains("\n\nline 3: “unable to get SPI”\n  charon.no-spi  "))
    #expect(!outcome.output.contains("00112233"))
  }

  @Test("a log without a known line is no input")
  func nothing() async throws {
    let outcome = try await Shell.run("\"$XFRMCTL\" check --explain - --json", input: "a\nb\n")
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(outcome.complaint == "xfrmctl: none of 2 lines on stdin is known\n")
  }

  @Test("JSON says the same and how the checks stand")
  func json() async throws {
    let outcome = try await Tool.run(["check", "--explain", "EPERM", "--json"])
    #expect(outcome.status == 0)
    let value = try JSONValue(parsing: outcome.output)
    let entry = value["recognised"]?.elements?.first?["entries"]?.elements?.first
    #expect(entry?["id"]?.text == "EPERM")
    let check = entry?["checks"]?.elements?.first
    #expect(check?["id"]?.text == "env.privilege")
    #expect(check?["status"]?.text != nil)
  }
}
