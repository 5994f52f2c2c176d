import Glibc
import TestSupport
import Testing
import XFRMKit

/// Where keys come from. What was read is seen in the request that would be sent.
@Suite("Sources of keys", .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct KeySourceTests {
  private static let digits = String(repeating: "c0ffee1234", count: 4)

  private func add(
    _ word: String, options: String = "--show-request --show-keys", input: String = "",
    environment: [String: String] = [:]
  ) async throws -> Tool.Outcome {
    try await PrivateTool().run(
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 mode tunnel"
        + " aead rfc4106(gcm(aes)) \(word) 128 \(options)", input: input, environment: environment)
  }

  private func file(_ text: String, mode: mode_t = 0o600) throws -> TemporaryFile {
    let file = try TemporaryFile(Array(text.utf8))
    #expect(unsafe chmod(file.path, mode) == 0)
    return file
  }

  @Test("a file, the environment and stdin serve, with 0x in front and blanks around or without")
  func sources() async throws {
    for text in [Self.digits, "0x\(Self.digits)\n", " \t\(Self.digits.uppercased()) \r\n"] {
      let file = try file(text)
      let outcomes = [
        try await add("@\(file.path)"), try await add("-", input: text),
        try await add("env:XFRMCTL_TEST_KEY", environment: ["XFRMCTL_TEST_KEY": text]),
      ]
      for outcome in outcomes {
        #expect(outcome.status == 0, "\(outcome.complaint)")
        #expect(outcome.output.contains(Self.digits))
        #expect(outcome.complaint == "")
      }
    }
  }

  @Test(
    "a file that others can read is refused, and how to mend that is told",
    arguments: [
      0o644, 0o640, 0o604, 0o620, 0o601,
    ])
  func openFile(_ mode: UInt32) async throws {
    let file = try file(Self.digits, mode: mode)
    let outcome = try await add("@\(file.path)")
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.complaint.hasPrefix(
        "xfrmctl: no key: \(file.path) can be read by others: chmod 600 \(file.path)\n"))
    #expect(unsafe chmod(file.path, 0o600) == 0)
    #expect(try await add("@\(file.path)").status == 0)
  }

  @Test(
    "what is no file is refused, and nobody is told to close it to others",
    arguments: ["/tmp", "/dev/null"])
  func noFile(_ path: String) async throws {
    let outcome = try await add("@\(path)")
    #expect(outcome.status == 65)
    #expect(
      outcome.complaint.hasPrefix(
        "xfrmctl: no key: \(path) is neither a regular file nor a pipe\n"),
      "\(outcome.complaint)")
    #expect(!outcome.complaint.contains("chmod"))
  }

  @Test("a pipe that a shell makes serves")
  func pipe() async throws {
    let line =
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 mode tunnel aead"
      + " 'rfc4106(gcm(aes))' @/dev/fd/3 128 --show-request --show-keys"
    let outcome = try await PrivateTool().shell(
      "printf %s \"$1\" | \"$2/xfrmctl\" \(line) 3<&0", [Self.digits, Tool.folder])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains(Self.digits))
  }

  @Test(
    "what is no key is refused, wherever it comes from",
    arguments: [
      ("", "is empty"), (" \n", "is empty"), ("0x", "is empty"),
      ("c0ffe", "has an odd number of hexadecimal digits"),
      ("c0ffeg", "does not hold a key in hexadecimal digits"),
      ("c0 ffee", "has an odd number of hexadecimal digits"),
      (String(repeating: "c0", count: 2000), "is too long for a key"),
    ])
  func refused(_ text: String, _ reason: String) async throws {
    let file = try file(text)
    let outcomes = [
      (file.path, try await add("@\(file.path)")), ("stdin", try await add("-", input: text)),
    ]
    for (name, outcome) in outcomes {
      #expect(outcome.status == 65)
      #expect(outcome.output == "")
      #expect(
        outcome.complaint.hasPrefix("xfrmctl: no key: \(name) \(reason)\n"), "\(outcome.complaint)")
    }
  }

  @Test("a variable that is not set, or too long, and a file that is not there are told")
  func missing() async throws {
    #expect(
      try await add("env:XFRMCTL_NOBODY_SETS_THIS").complaint
        .hasPrefix("xfrmctl: no key: XFRMCTL_NOBODY_SETS_THIS is not set\n"))
    #expect(
      try await add("@/nowhere/key").complaint
        .hasPrefix("xfrmctl: no key: /nowhere/key: No such file or directory"))
    let long = String(repeating: "c0", count: 2000)
    let outcome = try await add("env:LONG", environment: ["LONG": long])
    #expect(outcome.status == 65)
    #expect(outcome.complaint.hasPrefix("xfrmctl: no key: LONG is too long for a key\n"))
  }

  @Test("generate makes a key of the length that the algorithm takes, each time another")
  func generated() async throws {
    let tool = try PrivateTool()
    let algorithms: [(word: String, algorithm: any KeyedAlgorithm, end: String)] =
      AEADAlgorithm.all.prefix(2).map { ("aead", $0, " 128") }
      + EncryptionAlgorithm.all.prefix(4).map { ("enc", $0, " auth hmac(sha256) generate") }
    for (word, algorithm, end) in algorithms where algorithm.randomKey().count > 0 {
      let line =
        "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 mode tunnel"
        + " \(word) \(algorithm.name) generate\(end)"
      let explained = try await tool.run("\(line) --explain")
      let words = explained.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(explained.status == 0, "\(explained.complaint)")
      #expect(
        words.contains("\(algorithm.name), a key of \(algorithm.randomKey().count) bytes"),
        "\(explained.output)")
      let first = try await tool.run("\(line) --show-request --show-keys").output
      #expect(try await tool.run("\(line) --show-request --show-keys").output != first)
      #expect(
        try await tool.run("\(line) --show-request").output
          == tool.run("\(line) --show-request").output)
    }
  }

  @Test("generate refuses an algorithm of which nobody knows how long its keys are")
  func unknown() async throws {
    let outcome = try await PrivateTool().run(
      "state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 enc rot13 generate")
    #expect(outcome.status == 65)
    #expect(
      outcome.complaint.hasPrefix(
        "xfrmctl: no key: how long a key of rot13 has to be is not known here\n"))
  }

  @Test("a key in the command line is warned of, unless told not to; others are not")
  func warning() async throws {
    let file = try file(Self.digits)
    let warned = try await add("0x\(Self.digits)")
    #expect(warned.status == 0)
    #expect(warned.complaint.hasPrefix("xfrmctl: warning: while this runs every user"))
    #expect(try await add("0x\(Self.digits)", options: "--show-request -q").complaint == "")
    for word in ["@\(file.path)", "generate"] {
      #expect(try await add(word).complaint == "")
    }
  }
}
