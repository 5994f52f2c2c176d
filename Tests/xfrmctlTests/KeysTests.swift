import Glibc
import TestSupport
import Testing
import XFRMConfig
import XFRMKit

/// `xfrmctl keys`, as a user meets it.
@Suite("Keys on the command line")
struct KeysTests {
  private static let text = """
    connections:
    - {name: a-b, kind: host-to-host, local: {address: 192.0.2.1}, remote: {address: 192.0.2.2}}
    - name: a-c
      kind: host-to-host
      local: {address: 192.0.2.1}
      remote: {address: 192.0.2.3}
      proposal: aes128-sha256
      keys: {in: {spi: 0x1001, key: "env:A"}, out: {spi: 0x1002, key: "env:B"}}
    """
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Array(Self.text.utf8), to: "config.yaml")
  }

  private func keys(_ line: String, in place: String = "local") async throws -> Tool.Outcome {
    try await Tool.run(
      ["keys"] + line.split(separator: " ").map(String.init)
        + ["--directory", folder.file(place)])
  }

  private func new(_ options: String = "") async throws -> Tool.Outcome {
    try await keys(
      "new a-b --config \(folder.file("config.yaml")) --peer-directory \(folder.file("peer"))"
        + " \(options)")
  }

  @Test("two generations are made, listed and shown, and both ends have the same")
  func generations() async throws {
    for generation in 1...2 {
      let outcome = try await new()
      #expect(outcome.status == 0, "\(outcome.complaint)")
      #expect(outcome.output.hasPrefix("a-b, generation \(generation): aes256gcm16\n"))
      for (end, place) in [("here         ", "local"), ("the other end", "peer")] {
        #expect(
          outcome.output.contains("\n  \(end)  \(folder.file(place))/a-b.\(generation).keys\n"))
      }
    }
    try expectListed(try await keys("list --json").output)
    let list = try await keys("list").output.split(separator: "\n")
    #expect(list.count == 3)
    #expect(list[0] == "connection  generation  proposal     SPI in      SPI out")
    #expect(list[2].hasPrefix("a-b         2           aes256gcm16  0x58"))
    var ends: [[JSONValue?]] = []
    for place in ["local", "peer"] {
      let text = try await keys("show a-b --json", in: place).output
      let json = try expectListed(text)
      let bundles = try #require(json["bundles"]?.elements)
      #expect(bundles.map { $0["generation"] } == [.integer(1), .integer(2)])
      ends.append(bundles.flatMap { [$0["in"], $0["out"]] })
    }
    #expect(ends[0] == [1, 0, 3, 2].map { ends[1][$0] })
    #expect(Set(ends[0].compactMap { $0?["keyFingerprint"]?.text }).count == 4)
  }

  /// The text is as the schema has it, which would find out if it were not.
  @discardableResult
  private func expectListed(_ text: String) throws -> JSONValue {
    let schema = try JSONSchema(named: "key-list")
    let json = try JSONValue(parsing: text)
    #expect(try schema.complaints(about: json) == [])
    let other = try JSONValue(parsing: text.replacing("requestID", with: "requestId"))
    #expect(try schema.complaints(about: other) != [])
    return json
  }

  @Test("both bundles go where they are told to")
  func out() async throws {
    let outcome = try await Tool.run(
      [
        "keys", "new", "a-b", "--config", folder.file("config.yaml"), "--out",
        folder.file("bundles"),
      ])
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(
      folder.names.filter { $0.hasSuffix(".keys") } == [
        "bundles/local/a-b.1.keys", "bundles/peer/a-b.1.keys",
      ])
    #expect(try await new("--out x").status == 64)
  }

  @Test("the other end's is in a folder of its own unless told otherwise")
  func usual() async throws {
    let outcome = try await keys("new a-b --config \(folder.file("config.yaml"))")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(
      folder.names.filter { $0.hasSuffix(".keys") } == [
        "local/a-b.1.keys", "local/peer/a-b.1.keys",
      ])
    #expect(try await keys("list").output.split(separator: "\n").count == 2)
  }

  @Test("no connection, no generated keys, no configuration")
  func refused() async throws {
    let config = "--config \(folder.file("config.yaml"))"
    let none = try await keys("new z \(config)")
    #expect(none.status == 65)
    #expect(none.complaint.hasSuffix("has no connection “z”; there are a-b, a-c\n"))
    let fixed = try await keys("new a-b a-c \(config)")
    #expect(fixed.status == 65)
    #expect(fixed.complaint.contains("a-c has keys of its own"))
    #expect(try await keys("new a-b --config /nowhere").status == 65)
    #expect(try await keys("new").status == 64)
    #expect(folder.names == ["config.yaml"])
    #expect(try await keys("show a-b").status == 65)
    #expect(try await keys("list").output == "there are no keys in \(folder.file("local"))\n")
    #expect(try await new().status == 0)
  }

  @Test("old ones are deleted, the newest not without a word")
  func deletion() async throws {
    _ = try await new()
    _ = try await new()
    let newest = try await keys("delete a-b 2")
    #expect(newest.status == 64)
    #expect(newest.complaint.contains("is the newest of a-b; --force deletes it all the same"))
    #expect(try await keys("delete a-b 1").status == 0)
    let again = try await keys("delete a-b 1")
    #expect(again.status == 65)
    #expect(again.complaint.contains("has no generation 1 in \(folder.file("local")); there are 2"))
    #expect(try await keys("delete a-b 2 --force").status == 0)
    #expect(try await keys("show a-b").status == 65)
    #expect(folder.names.filter { $0.hasSuffix(".keys") }.count == 2)
  }

  @Test("a folder that others can write to is refused, whoever takes keys from it")
  func openFolder() async throws {
    #expect(
      try await keys("new a-b --config \(folder.file("config.yaml"))", in: "keys").status == 0)
    #expect(unsafe chmod(folder.file("keys"), 0o775) == 0)
    let places = ["--state-dir", folder.path, "--run-dir", folder.file("run")]
    for words in [["plan"], ["export", "--to", "ietf-ikeless"]] {
      let outcome = try await Tool.run(words + [folder.file("config.yaml")] + places)
      #expect(outcome.status == 73, "\(outcome.complaint)")
      #expect(outcome.complaint.contains("can be written by others: chmod 700"))
    }
  }

  @Test("what cannot be written is told of and leaves nothing behind")
  func full() async throws {
    let script = """
      trap '' XFSZ; ulimit -f "$4"
      exec "$XFRMCTL" keys new a-b --config "$1" --directory "$2" --peer-directory "$3"
      """
    let words = ["config.yaml", "local", "peer"].map { folder.file($0) }
    let outcome = try await Shell.run(script, words + ["0"])
    #expect(outcome.status == 73)
    #expect(
      outcome.complaint == "xfrmctl: \(folder.file("peer"))/a-b.1.keys: File too large\n")
    #expect(folder.names == ["config.yaml", "local", "peer"])
    #expect(try await Shell.run(script, words + ["100"]).status == 0)
    #expect(folder.names.filter { $0.hasSuffix(".keys") }.count == 2)
  }

  @Test("keys are in no output and in no complaint, and only in their files")
  func canaries() async throws {
    var said = try await new().output
    let made = try await new("--json").output
    try expectListed(made)
    said += made
    var digits: Set<String> = []
    for generation in 1...2 as ClosedRange<UInt32> {
      let bundle = try KeyDirectory(folder.file("local")).bundle(of: "a-b", generation: generation)
      for half in [bundle.incoming, bundle.outgoing] {
        let bytes = half.key.withBytes { key in key.indices.map { key[$0] } }
        digits.insert(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
      }
    }
    #expect(digits.count == 4)
    for line in ["list", "list --json", "show a-b", "show a-b --json", "show z", "delete a-b 2"] {
      let outcome = try await keys(line)
      said += outcome.output + outcome.complaint
    }
    // And of files that are damaged.
    let file = String(decoding: try folder.bytes("local/a-b.1.keys"), as: UTF8.self)
    for bad in [
      file.replacing("checksum", with: "chequesum"), String(file.dropLast(20)),
      file.replacing("in 0x", with: "0x"), file.replacing("proposal ", with: "proposal"),
    ] {
      try folder.write(Array(bad.utf8), to: "local/a-b.1.keys")
      for line in ["list", "show a-b", "show a-b --json"] {
        let outcome = try await keys(line)
        #expect(outcome.status == 73)
        #expect(outcome.complaint.contains("a-b.1.keys"))
        #expect(outcome.output.contains("aes256gcm16"))
        said += outcome.output + outcome.complaint
      }
      // New ones are made all the same.
      let new = try await new()
      #expect(new.status == 0)
      said += new.output + new.complaint
    }
    for key in digits {
      for start in 0...key.count - 12 {
        #expect(!said.contains(key.dropFirst(start).prefix(12)))
      }
      // That is how it would be found.
      #expect(file.contains(key) || !file.contains("generation 2"))
    }
    #expect(digits.count { file.contains($0) } == 2)
  }
}
