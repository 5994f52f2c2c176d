import Glibc
import TestSupport
import Testing
import XFRMKit

/// `xfrmctl batch`
@Suite("Batches", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct NativeBatchTests {
  private func policy(_ number: Int) -> String {
    "policy add src 10.0.0.\(number) dst 10.1.0.0/16 dir out priority \(number)"
  }

  private func priorities(_ tool: PrivateTool) throws -> [UInt32] {
    var xfrm = try XFRMClient(in: tool.namespace)
    return try xfrm.policies().map(\.priority).sorted()
  }

  @Test("a batch that is in order says nothing and is carried out, wherever it comes from")
  func done() async throws {
    let text = """
      # Three ways to say it, a comment, and a line in two.
      \(policy(1))
      xfrm \(policy(2))   # not yet
        ip xfrm \(policy(3))

      policy add src 10.0.0.4 \\
        dst 10.1.0.0/16 dir out priority 4
      p a src '10.0.0.5' dst "10.1.0.0/16" dir out priority 5
      policy delete src 10.0.0.2 dst 10.1.0.0/16 dir out
      """
    let file = try TemporaryFile(Array(text.utf8))
    for (name, input) in [(file.path, ""), ("-", text)] {
      let tool = try PrivateTool()
      let outcome = try await tool.run("batch \(name)", input: input)
      #expect(outcome.status == 0)
      #expect(outcome.output == "")
      #expect(outcome.complaint == "")
      #expect(try priorities(tool) == [1, 3, 4, 5])
    }
  }

  @Test("it ends at the first line that fails, and nothing behind that line remains")
  func stops() async throws {
    let bad = [
      (policy(1), "-:3: add: ", "there is one already"),
      ("policy add src 10.0.0.9 dst 10.1.0.0/16 dir up", "-:3: up: ", "DIR value is invalid"),
      ("state get dst 192.0.2.2 proto esp spi 9", "-:3: get: ", "No such process"),
      ("policy add src 'x", "-:3: ", "quote"),
    ]
    for (line, place, reason) in bad {
      let tool = try PrivateTool()
      let text = [policy(1), policy(2), line, policy(3), policy(4)].joined(separator: "\n")
      let outcome = try await tool.run("batch -", input: text)
      #expect(outcome.status == (place.contains(" up:") ? 65 : 1), "\(line)")
      #expect(outcome.complaint.hasPrefix("xfrmctl: \(place)"), "\(outcome.complaint)")
      #expect(outcome.complaint.contains(reason), "\(outcome.complaint)")
      #expect(outcome.complaint.contains("\nxfrmctl: 1 of "), "\(outcome.complaint)")
      #expect(try priorities(tool) == [1, 2], "\(line)")
    }
  }

  @Test("with --keep-going all lines are carried out, and each that fails is told")
  func keepsGoing() async throws {
    let tool = try PrivateTool()
    let lines = [
      policy(1), policy(1), policy(2), "policy frobnicate", "state delete spi",
      "policy delete src 10.9.0.0/16 dst 10.1.0.0/16 dir out", policy(3),
    ]
    let outcome = try await tool.run("batch - --keep-going", input: lines.joined(separator: "\n"))
    #expect(outcome.status == 1)
    #expect(try priorities(tool) == [1, 2, 3])
    let complaints = outcome.complaint.split(separator: "\n")
    let beginnings = [
      "xfrmctl: -:2: add: ", "xfrmctl: -:4: frobnicate: ", "xfrmctl: -:5: ",
      "xfrmctl: -:6: delete: ", "xfrmctl: 4 of 7 commands failed",
    ]
    #expect(complaints.count == beginnings.count, "\(outcome.complaint)")
    for (complaint, beginning) in zip(complaints, beginnings) {
      #expect(complaint.hasPrefix(beginning))
    }
  }

  @Test("a dry run tells of every bad line, and sends nothing")
  func trial() async throws {
    let tool = try PrivateTool()
    let lines = [
      policy(1), "policy add dir sideways", "xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp",
      policy(2), "state flush", "policy list frob",
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 256 mode transport tfcpad 64"
        + " aead rfc4106(gcm(aes)) generate 128",
    ]
    let file = try TemporaryFile(Array(lines.joined(separator: "\n").utf8))
    let outcome = try await tool.run("batch \(file.path) --dry-run")
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(try priorities(tool) == [])
    let complaints = outcome.complaint.split(separator: "\n").map(String.init)
    #expect(complaints.count == 5, "\(outcome.complaint)")
    let parts = [
      ("2: sideways: ", "DIR value is invalid"), ("3: ", "required"),
      ("6: frob: ", "\"frob\" is no keyword"),
      ("7: ", "S3.padding-mode"),
    ]
    for (complaint, (place, reason)) in zip(complaints, parts) {
      #expect(complaint.hasPrefix("xfrmctl: \(file.path):\(place)"), "\(complaint)")
      #expect(complaint.contains(reason), "\(complaint)")
    }
    #expect(complaints.last == "xfrmctl: 4 of 7 commands failed; nothing was sent")
  }

  @Test("a dry run of what is in order says so, and sends nothing")
  func goodTrial() async throws {
    let tool = try PrivateTool()
    let text = "\(policy(1))\n\(policy(2))\n"
    let trial = try await tool.run("batch - --dry-run", input: text)
    #expect(trial.status == 0)
    #expect(trial.output == "2 commands make sense; the kernel was not asked\n")
    #expect(try priorities(tool) == [])
    #expect(try await tool.run("batch -", input: text).status == 0)
    #expect(try priorities(tool) == [1, 2])
  }

  @Test("questions inside are answered in their turn")
  func lists() async throws {
    let tool = try PrivateTool()
    let text = [policy(1), "policy list", policy(2), "policy count", "policy deleteall priority 1"]
    let outcome = try await tool.run("batch -", input: text.joined(separator: "\n"))
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains("src 10.0.0.1/32"))
    #expect(!outcome.output.contains("10.0.0.2"))
    #expect(outcome.output.contains("SPD IN  0 OUT 2 FWD 0"))
    #expect(try priorities(tool) == [2])
  }

  @Test("no key is printed, wherever a list or an error might have one")
  func keys() async throws {
    let tool = try PrivateTool()
    let key = "my-secret-passphrase-of-20b!"
    let sa = "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 256 mode tunnel"
    // In the wrong order; too short; and refused by the kernel or for its sake.
    let lines = [
      "\(sa) aead rfc4106(gcm(aes)) 128 \(key)", "\(sa) enc cbc(aes) \(key)",
      "\(sa) enc cbc(aes) 0x0011223344556677", "\(sa) tfcpad 9 enc cbc(aes) \(key) auth x \(key)",
    ]
    for options in ["--dry-run", "--keep-going"] {
      let outcome = try await tool.run(
        "batch - \(options)", input: lines.joined(separator: "\n"))
      #expect(outcome.status != 0)
      #expect(outcome.complaint.split(separator: "\n").count == 5, "\(outcome.complaint)")
      for secret in [key, "0011223344556677"] {
        #expect(!(outcome.output + outcome.complaint).contains(secret), "\(outcome.complaint)")
      }
    }
    let request = try await tool.run(
      "\(sa) enc cbc(aes) 0x1112131415161718191a1b1c1d1e1f20 --show-request --show-keys")
    let log = try TemporaryFile(hex(request.output))
    for (command, shows) in [("ip xfrm monitor file \(log.path)", true), ("batch -", false)] {
      let outcome = try await tool.run(command, input: "monitor file \(log.path)")
      #expect(outcome.status == 0, "\(outcome.complaint)")
      #expect(outcome.output.contains("0x1112131415161718") == shows, "\(outcome.output)")
      #expect(outcome.output.contains("Keys hidden") == !shows)
    }
  }

  @Test("what only root may is told once, with its own status")
  func unprivileged() async throws {
    let text = (1...600).map(policy).joined(separator: "\n")
    let outcome = try await PrivateTool().run("batch - --keep-going", input: text, user: 65_534)
    #expect(outcome.status == 77)
    #expect(outcome.complaint.split(separator: "\n").count == 2, "\(outcome.complaint)")
    #expect(outcome.complaint.contains("run it as root"))
  }

  @Test("more commands than go at once stop just as exactly", arguments: [700, 1200])
  func many(_ bad: Int) async throws {
    let tool = try PrivateTool()
    let lines = (0..<1300).map { number in
      let source = "10.0.\(number / 256).\(number % 256)"
      return "policy add src \(source) dst 10.1.0.0/16 dir \(number == bad ? "nowhere" : "out")"
    }
    let outcome = try await tool.run("batch -", input: lines.joined(separator: "\n"))
    #expect(outcome.status == 65)
    #expect(outcome.complaint.hasPrefix("xfrmctl: -:\(bad + 1): nowhere: "))
    #expect(try priorities(tool).count == bad)
  }

  @Test("a file that is not there is one line")
  func missing() async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.run("batch /nowhere/at-all")
    #expect(outcome.status == 65)
    #expect(outcome.complaint.split(separator: "\n").count == 1)
    #expect(outcome.complaint.contains("/nowhere/at-all"))
    #expect(outcome.complaint.contains("No such file"))
  }
}
