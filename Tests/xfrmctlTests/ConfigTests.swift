import FoundationEssentials
import TestSupport
import Testing

@testable import XFRMConfig

/// `xfrmctl config`, as a user meets it.
@Suite("Configurations on the command line")
struct ConfigTests {
  private func check(_ text: String, _ options: [String] = []) async throws -> Tool.Outcome {
    let file = try TemporaryFile(Array(text.utf8))
    let outcome = try await Tool.run(["config", "check", file.path] + options)
    return Tool.Outcome(
      status: outcome.status, output: outcome.output.replacing(file.path, with: "FILE"),
      complaint: outcome.complaint.replacing(file.path, with: "FILE"))
  }

  @Test("a mistake is shown with its line, a mark and help")
  func mistake() async throws {
    let outcome = try await check("strict: true\nconections: []\n")
    #expect(outcome.status == 65)
    #expect(outcome.output == "")
    #expect(
      outcome.complaint.hasPrefix(
        """
        FILE:2:1: error: “conections” is no key of the file
          conections: []
          ^~~~~~~~~~
          help: did you mean “connections”? keys of the file: version, namespace,
                crypto-policy,
        """))
    for line in outcome.complaint.split(separator: "\n") { #expect(line.count <= 80) }
  }

  @Test("a key is shown neither in a message nor in a line")
  func key() async throws {
    let text = """
      connections:
      - name: a
        keys: {in: {spi: 1, key: Open-Sesame}, out: {spi: 0x1002, key: 00112233445566778899aabbccddeeff}}
      - {name: b, keys: [Open-Sesame]}
      """
    for options in [[], ["--json"]] {
      let outcome = try await check(text, options)
      #expect(outcome.status == 65)
      let said = outcome.output + outcome.complaint
      #expect(!said.contains("Sesame") && !said.contains("2233"), "\(said)")
      #expect(said.contains("reference to a key"))
    }
  }

  @Test("of very many warnings the first are shown, and the others counted", arguments: [50, 60])
  func warnings(count: Int) async throws {
    // Each has one: nobody has an SA for it.
    let entries = (0..<count).map { number in
      "- {name: e\(number), direction: outbound, reqid: \(number + 1), strict: false, "
        + "traffic-selector: {local-prefix: 10.1.0.0/16, remote-prefix: 10.0.\(number).0/24}, "
        + "processing-info: {action: protect, ipsec-sa-cfg: {mode: transport}}}\n"
    }
    let outcome = try await check("spd:\n" + entries.joined())
    #expect(outcome.status == 0)
    let told = outcome.complaint.split(separator: "\n").count { $0.contains(": warning: ") }
    #expect(told == 50, "\(outcome.complaint)")
    #expect(outcome.complaint.hasSuffix("and 10 more warnings\n") == (count == 60))
  }

  @Test("what is right is told in a line, warnings besides")
  func right() async throws {
    let example = try #require(ConfigurationExample.all.first { $0.name == "lab" })
    let outcome = try await check(example.text)
    #expect(outcome.status == 0)
    #expect(outcome.output == "FILE: no errors; 4 policies, 2 SAs\n")
    #expect(outcome.complaint.contains("warning: bench has aes128gcm16 with a static key"))
    #expect(try await check(example.text, ["--strict"]).status == 2)
    let json = try JSONValue(parsing: try await check(example.text, ["--json"]).output)
    #expect(json["valid"] == .flag(true))
    #expect(json["watermarks"]?.elements?.count == 1)
    #expect(json["findings"]?.elements?.first?["line"] == .integer(10))
    let schema = try JSONSchema(named: "config-check")
    #expect(try schema.complaints(about: json) == [])
    let wrong = try JSONValue(parsing: try await check("conections: []\n", ["--json"]).output)
    #expect(wrong["valid"] == .flag(false))
    #expect(try schema.complaints(about: wrong) == [])
  }

  @Test("a file that is not there is told of")
  func missing() async throws {
    let outcome = try await Tool.run(["config", "check", "/nowhere/x.yaml"])
    #expect(outcome.status == 65)
    #expect(
      outcome.complaint
        == "/nowhere/x.yaml:1:1: error: cannot read “/nowhere/x.yaml”: No such file or directory\n")
  }

  @Test("is laid out as examples are")
  func format() async throws {
    let text = try #require(ConfigurationExample.all.first { $0.name == "entries" }).text
    let file = try TemporaryFile(Array(text.utf8))
    let outcome = try await Tool.run(["config", "format", file.path])
    #expect(outcome.output == text)
    #expect(try await Tool.run(["config", "format", file.path, "--check"]).status == 0)
    let other = try TemporaryFile(Array("a:   1\n".utf8))
    #expect(try await Tool.run(["config", "format", other.path, "--check"]).status == 2)
  }

  @Test("a file with nothing in it is told of", arguments: ["", "# later\n"])
  func empty(_ text: String) async throws {
    let file = try TemporaryFile(Array(text.utf8))
    for options in [[], ["--check"]] {
      let outcome = try await Tool.run(["config", "format", file.path] + options)
      #expect(outcome.status == 65)
      #expect(outcome.complaint.hasPrefix("\(file.path):1:1: error: there is nothing in it\n"))
    }
  }

  @Test("examples are listed and printed, and what is no example is refused")
  func examples() async throws {
    let list = try await Tool.run(["config", "example"])
    #expect(list.output.split(separator: "\n").count == ConfigurationExample.all.count)
    for example in ConfigurationExample.all {
      for line in example.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      #expect(try await Tool.run(["config", "example", example.name]).output == example.text)
    }
    #expect(try await Tool.run(["config", "example", "none"]).status == 64)
  }

  @Test("what is shown is a configuration again")
  func show() async throws {
    let text = try #require(ConfigurationExample.all.first { $0.name == "fleet" }).text
    let file = try TemporaryFile(Array(text.utf8))
    let shown = try await Tool.run(["config", "show", file.path, "--host", "gw-paris"])
    #expect(shown.output.contains("address: 198.51.100.2"))
    #expect(try await check(shown.output).status == 0)
    let options = ["--host", "gw-paris", "--set", "proposal=aes256-sha256", "--expanded", "--json"]
    let expanded = try await Tool.run(["config", "show", file.path] + options)
    let json = try JSONValue(parsing: expanded.output)
    #expect(json["sad"]?.elements?.first?["esp-sa"]?["proposal"] == .text("aes256-sha256"))
    #expect(json["kernel"]?["policies"]?.elements?.count == 6)
  }

  @Test("a variable that no file knows is refused, and the one that was meant is named")
  func misspelt() async throws {
    let text = try #require(ConfigurationExample.all.first { $0.name == "fleet" }).text
    let outcome = try await check(text, ["--host", "gw-berlin", "--set", "propsal=aes256gcm16"])
    #expect(outcome.status == 65)
    #expect(
      outcome.complaint.hasPrefix(
        "FILE:1:1: error: “propsal” is set, and no file has a variable of that name\n"),
      "\(outcome.complaint)")
    #expect(outcome.complaint.contains("did you mean “proposal”?"))
    // One that only another host has, and one that no file gives a value.
    let fleet = """
      hosts: {a: {mtu: 1400}, b: {}}
      settings: {net.x: "$${not} $ ${first}-${second}"}
      """
    let known = ["--set", "mtu=9", "--set", "first=1", "--set", "second=2", "--host", "b"]
    #expect(!(try await check(fleet, known).complaint.contains("no file has a variable")))
    for name in ["not", "net.x"] {
      let outcome = try await check(fleet, known + ["--set", "\(name)=1"])
      #expect(outcome.complaint.contains("“\(name)” is set, and no file"), "\(outcome.complaint)")
    }
  }

  @Test("takes no variable without a value")
  func set() async throws {
    let outcome = try await Tool.run(["config", "check", "/dev/null", "--set", "x"])
    #expect(outcome.status == 64)
  }

  // MARK: Schema

  @Test("the schema of the project is what is printed")
  func schema() async throws {
    let path =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      .joined(separator: "/") + "/Schemas/config.schema.json"
    let file = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(file == ConfigurationSchema.json)
    #expect(try await Tool.run(["config", "schema"]).output == file)
  }

  @Test(
    "the schema takes every example, and what is shown of it",
    arguments: ConfigurationExample.all.map(\.name))
  func valid(_ name: String) throws {
    let text = try #require(ConfigurationExample.all.first { $0.name == name }).text
    let loaded = ConfigurationFiles(host: "gw-berlin") {
      (_) throws(ConfigurationFiles.Unreadable) in Array(text.utf8)
    }.load("main.yaml")
    let resolved = try #require(loaded.resolved)
    let schema = try JSONSchema(named: "config.schema")
    #expect(try schema.complaints(about: JSONValue(parsing: YAMLWriter.json(resolved))) == [])
    // The example itself, where it has no variables.
    var diagnostics = Diagnostics()
    let tree = try #require(YAMLReader.read(Array(text.utf8), of: "f", &diagnostics))
    guard name != "fleet" else { return }
    #expect(try schema.complaints(about: JSONValue(parsing: YAMLWriter.json(tree))) == [])
  }

  @Test("the schema has the keys that are read, section by section")
  func keys() throws {
    let schema = try JSONValue(parsing: ConfigurationSchema.json)
    for (name, keys) in ConfigurationSchema.sections {
      let section =
        name == "configuration" ? schema : try #require(schema["$defs"]?[name], "\(name)")
      #expect(section["properties"]?.members?.keys.sorted() == keys.sorted(), "\(name)")
    }
    #expect(schema["$defs"]?.members?.count == ConfigurationSchema.sections.count - 1)
  }

  @Test(
    "the schema refuses what is refused",
    arguments: [
      #"{"conections": []}"#, #"{"strict": "yes"}"#, #"{"connections": [{"name": "a"}]}"#,
      #"{"connections": {}}"#, #"{"crypto-policy": "none"}"#, #"{"namespace": "a/b"}"#,
    ])
  func invalid(_ text: String) throws {
    let schema = try JSONSchema(named: "config.schema")
    #expect(try !schema.complaints(about: JSONValue(parsing: text)).isEmpty)
  }
}
