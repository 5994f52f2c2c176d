import Glibc
import TestSupport
import Testing
import XFRMKit

/// `xfrmctl monitor`
@Suite(
  "The monitor", .serialized, .enabled(if: geteuid() == 0, "needs root for network namespaces"))
struct MonitorTests {
  private static let add = "policy add src 10.1.0.0/16 dst 10.2.0.0/16 dir out --quiet"
  private static let delete = "policy delete src 10.1.0.0/16 dst 10.2.0.0/16 dir out"
  private static let allocate = "state allocspi dst 192.0.2.2 proto esp min 4097 max 4097"

  @Test("tells what happens, when, and ends when told to")
  func text() async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.listen("monitor", until: { $0.contains("Deleted") }) {
      try await tool.run(Self.add)
      try await tool.run(Self.delete)
    }
    #expect(outcome.status == 128 + SIGTERM)
    #expect(outcome.complaint == "")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.first?.contains(#/^\[20\d\d-\d\d-\d\dT[\d:.]+\] src 10\.1\.0\.0/16/#) == true)
    #expect(outcome.output.contains("Deleted src 10.1.0.0/16 dst 10.2.0.0/16"))
  }

  @Test("tells it in lines of JSON, the first of which has the version")
  func json() async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.listen(
      "monitor --json", until: { $0.contains("policy-deleted") }
    ) {
      try await tool.run(Self.add)
      try await tool.run(Self.delete)
    }
    let schema = try JSONSchema(named: "event")
    let lines = try outcome.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    for line in lines { #expect(try schema.complaints(about: line) == []) }
    #expect(
      lines.map { $0["event"]?.text } == ["start", "policy-added", "policy-deleted"])
    #expect(lines.map { $0["version"]?.integer } == [1, nil, nil])
    #expect(lines.dropFirst().allSatisfy { $0["policy"]?["selector"] != nil })
  }

  @Test("begins with what is there, if asked to", arguments: ["", "--json"])
  func snapshot(_ form: String) async throws {
    let tool = try PrivateTool()
    try await tool.run("policy add src 10.7.0.0/16 dst 10.2.0.0/16 dir in --quiet")
    try await tool.run(Self.allocate)
    let outcome = try await tool.listen(
      "monitor --snapshot \(form)", until: { $0.contains("10.1.0.0/16") }
    ) {
      try await tool.run(Self.add)
    }
    let before = try #require(outcome.output.firstRange(of: "10.7.0.0/16"))
    let spi = try #require(outcome.output.firstRange(of: form.isEmpty ? "0x00001001" : "4097"))
    let after = try #require(outcome.output.firstRange(of: "10.1.0.0/16"))
    #expect(before.lowerBound < after.lowerBound && spi.lowerBound < after.lowerBound)
  }

  private func changeBoth(_ tool: PrivateTool) async throws {
    try await tool.run(Self.allocate)
    try await tool.run(Self.add)
    try await tool.run(Self.delete)
    try await tool.run("state delete dst 192.0.2.2 proto esp spi 4097")
  }

  @Test(
    "hears nothing but what the words say",
    arguments: [
      ("policy", "10.1.0.0/16", "192.0.2.2"), ("SA", "192.0.2.2", "10.1.0.0/16"),
    ])
  func words(_ word: String, _ heard: String, _ unheard: String) async throws {
    let tool = try PrivateTool()
    let outcome = try await tool.listen(
      "monitor \(word)", until: { $0.contains("Deleted") }, during: { try await changeBoth(tool) })
    #expect(outcome.output.contains(heard))
    #expect(!outcome.output.contains(unheard))
    // Both are there to be heard.
    let all = try await tool.listen(
      "monitor", until: { $0.contains(heard) && $0.contains(unheard) },
      during: { try await changeBoth(tool) })
    #expect(all.output.contains(heard) && all.output.contains(unheard))
  }

  @Test("writes a file that says the same again, and that nobody else can read")
  func recording() async throws {
    let tool = try PrivateTool()
    let folder = try TemporaryFile([])
    let path = folder.path + ".nl"
    defer { _ = unsafe unlink(path) }
    let live = try await tool.listen(
      "monitor --record \(path)", until: { $0.contains("Deleted") }
    ) {
      try await tool.run(Self.add)
      try await tool.run(Self.delete)
    }
    var status = stat()
    #expect(unsafe stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let replayed = try await tool.run("monitor file \(path)")
    #expect(replayed.status == 0)
    // The live one may have been ended while it printed.
    let text = live.output.replacing(#/\[20[^\]]*\] /#, with: "")
    #expect(replayed.output.hasPrefix(text.trimmingSuffix("\n")), "\(replayed.output)\n\(text)")
    #expect(replayed.output.split(separator: "\n").count >= 4)
    let json = try await tool.run("monitor file \(path) --json")
    let events = try json.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(events.map { $0["event"]?.text } == ["start", "policy-added", "policy-deleted"])
  }

  @Test(
    "says when announcements were lost, and how things stand, and goes on",
    arguments: [
      "", "--json",
    ])
  func overrun(_ form: String) async throws {
    let tool = try PrivateTool()
    let burst = (0..<300).map {
      "policy add src 10.9.\($0 / 256).\($0 % 256) dst 10.2.0.0/16 dir out"
    }
    let outcome = try await tool.listen(
      "monitor --buffer 1 \(form)", until: { $0.contains("10.1.0.0/16") }
    ) {
      try await tool.run("batch -", input: burst.joined(separator: "\n"))
      // It has to get over that before it can hear of something else.
      try await Task.sleep(for: .milliseconds(500))
      try await tool.run(Self.add)
    }
    let goesOn = outcome.output.contains("10.1.0.0/16")
    #expect(goesOn)
    if form.isEmpty {
      #expect(
        outcome.complaint.contains(
          #/xfrmctl: announcements were lost; now there are 0 SAs and [\d,]+ policies/#))
    } else {
      let isTold = outcome.output.contains(#""reason":"overrun""#)
      #expect(isTold)
    }
    // Not all of the burst was told one by one.
    let told = outcome.output.split(separator: "\n").count { $0.contains("10.9.") }
    #expect(told < burst.count)
  }

  @Test(
    "refuses what it cannot hear",
    arguments: [
      ("monitor bogus", 64, "\"bogus\""), ("monitor all-nsid", 64, "xfrmctl ip xfrm monitor"),
      ("monitor help", 64, "xfrmctl monitor --help"),
      ("monitor file /nowhere/log", 65, "cannot replay /nowhere/log: No such file"),
      ("monitor --record /nowhere/log", 1, "cannot record to /nowhere/log: No such file"),
      ("monitor --buffer many", 64, "'many' is invalid"),
    ])
  func refused(_ line: String, _ status: Int32, _ words: String) async throws {
    let outcome = try await PrivateTool().run(line)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.complaint.contains(words), "\(outcome.complaint)")
  }

  @Test("what could not be written is no success", arguments: ["monitor", "ip xfrm monitor"])
  func fullDisk(_ command: String) async throws {
    let tool = try PrivateTool()
    let request = hex(try await tool.run("\(Self.add) --show-request").output)
    // One, and more than a page of them.
    for count in [1, 1_000] {
      let file = try TemporaryFile(Array(repeating: request, count: count).flatMap(\.self))
      let script = "$1 \(command) file $2 >$3; echo $?"
      func status(_ output: String) async throws -> String {
        try await tool.shell(script, ["\(Tool.folder)/xfrmctl", file.path, output]).output
      }
      #expect(try await status("/dev/null") == "0\n")
      #expect(try await status("/dev/full") == "1\n")
    }
  }

  @Test("all hears all but what has to be named, besides what is named")
  func all() async throws {
    let tool = try PrivateTool()
    for words in ["all acquire", "all", ""] {
      let outcome = try await tool.listen(
        "monitor \(words)", until: { $0.contains("192.0.2.2") },
        during: { try await changeBoth(tool) })
      #expect(outcome.output.contains("Deleted src 10.1.0.0/16"), "\(words)")
    }
  }

  @Test("says where a file makes no sense, after all that does")
  func brokenFile() async throws {
    let tool = try PrivateTool()
    let request = hex(try await tool.run("\(Self.add) --show-request").output)
    let file = try TemporaryFile(request + request.prefix(50))
    let outcome = try await tool.run("monitor file \(file.path)")
    #expect(outcome.status == 65)
    #expect(outcome.output.contains("10.1.0.0/16"))
    #expect(outcome.complaint.hasPrefix("xfrmctl: cannot replay \(file.path): "))
    #expect(outcome.complaint.contains("\(request.count)"), "\(outcome.complaint)")
  }
}

extension String {
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    self[..<(lastIndex { $0 != character }.map(index(after:)) ?? startIndex)]
  }
}
