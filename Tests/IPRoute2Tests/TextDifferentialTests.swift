import IPRoute2
import Netlink
import TestSupport
import Testing
import XFRMKit

/// The same file of messages, printed by the installed `ip xfrm monitor file` and by us.
@Suite(
  "Text compared with the installed ip's",
  .enabled(if: Program.ip != nil, "ip of iproute2 is not installed"))
struct TextDifferentialTests {
  @Test(
    "random messages", arguments: zip(["", "-s", "-s -s", "-o", "-o -s"], UInt64(1)...5))
  func random(_ options: String, seed: UInt64) async throws {
    let (ours, theirs) = try await print(2500, options, seed: seed)
    #expect(theirs.count > 100_000)
    if ours != theirs { Issue.record("\(Self.difference(ours, theirs))") }
  }

  @Test("when messages were heard", arguments: zip(["-t", "-ts"], UInt64(6)...7))
  func timestamps(_ options: String, seed: UInt64) async throws {
    let (ours, theirs) = try await print(50, options, seed: seed)
    #expect(Self.timeless(ours) == Self.timeless(theirs))
    #expect(Self.timeless(ours) != String(decoding: ours, as: UTF8.self))
  }

  /// Prints the same random messages twice.
  private func print(
    _ count: Int, _ options: String, seed: UInt64
  ) async throws -> (ours: [UInt8], theirs: [UInt8]) {
    let ip = try #require(Program.ip)
    var messages = RandomMessages(dice: Dice(seed: seed))
    let file = try TemporaryFile((0..<count).flatMap { _ in messages.next() })
    let theirs = try await ip.output(
      options.split(separator: " ").map(String.init) + ["xfrm", "monitor", "file", file.path])

    var text = IPText(IPText.Options(words: options))
    var reader = try MessageLogReader(path: file.path)
    var read = 0
    while let event = try reader.next() {
      text.append(event)
      read += 1
    }
    #expect(read == count)
    return (text.output.indices.map { text.output[$0] }, theirs)
  }

  /// Where two texts part.
  private static func difference(_ ours: [UInt8], _ theirs: [UInt8]) -> String {
    let start = zip(ours, theirs).prefix { $0 == $1 }.count
    func part(_ text: [UInt8]) -> String {
      String(decoding: text[max(0, start - 300)..<min(text.count, start + 200)], as: UTF8.self)
    }
    return "from byte \(start) on we print\n\(part(ours))\nand ip\n\(part(theirs))"
  }

  private static func timeless(_ text: [UInt8]) -> String {
    String(decoding: text, as: UTF8.self)
      .replacing(#/\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\] /#, with: "[time] ")
      .replacing(
        #/Timestamp: [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \d+ usec\n/#,
        with: "Timestamp\n")
  }
}
