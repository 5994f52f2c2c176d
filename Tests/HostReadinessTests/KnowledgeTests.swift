import TestSupport
import Testing

@testable import HostReadiness

@Suite struct KnowledgeTests {
  /// What programs say, each with the entry that must come first. A slash stands for a line's end.
  static let samples = FixtureFile.lines(of: "log-lines.txt").map { line in
    let parts = line.split(separator: " | ", maxSplits: 1)
    return Sample(
      id: String(parts[0]), line: parts[1].split(separator: " / ").joined(separator: "\n"))
  }

  struct Sample: Sendable, CustomTestStringConvertible {
    var id: String
    var line: String
    var testDescription: String { line }
  }

  @Test(arguments: samples)
  func whatProgramsSayIsRecognised(sample: Sample) throws {
    let entry = try #require(KnowledgeBase.entries(explaining: sample.line).first)
    #expect(entry.id == sample.id)
    #expect(KnowledgeBase.entries(explaining: sample.line.uppercased()).first == entry)
    #expect(KnowledgeBase.entries(recognising: "12[KNL] \(sample.line) (more)").first == entry)
  }

  @Test(arguments: FixtureFile.lines(of: "other-lines.txt").map(String.init))
  func whatIsOfNoConcernIsNot(line: String) {
    #expect(KnowledgeBase.entries(explaining: line).map(\.id) == [])
  }

  /// A whole log is full of other programs' errors.
  @Test(arguments: [
    "nginx: open() failed (2: No such file or directory)", "npm: ENOENT", "errno 93",
  ])
  func othersErrorsAreTheirs(line: String) {
    #expect(KnowledgeBase.entries(recognising: line).map(\.id) == [])
    #expect(KnowledgeBase.entries(explaining: line).count == 1)
  }

  @Test func everyMessageHasASample() {
    let messages = KnowledgeBase.all.filter { $0.kind == .message }.map(\.id)
    #expect(Set(messages).subtracting(Self.samples.map(\.id)) == [])
  }

  /// No pattern is in vain: a line that has just its fragments leads to its entry.
  @Test func everyPatternIsReachable() {
    for entry in KnowledgeBase.all {
      for pattern in entry.patterns {
        let found = KnowledgeBase.entries(recognising: pattern.example)
        #expect(found.contains(entry), "\(entry.id): \(pattern.example)")
      }
      #expect(KnowledgeBase.entries(explaining: entry.id) == [entry], "\(entry.id)")
    }
  }

  @Test func everyTextIsWhole() {
    for entry in KnowledgeBase.all {
      for text in [entry.title, entry.about ?? "x", entry.cause, entry.remedy] {
        #expect(
          text.last?.isPunctuation == false || text.last == "`" || text.last == ")"
            || text.last == "”", "\(entry.id): \(text)")
        #expect(!text.contains("  "), "\(entry.id): \(text)")
      }
    }
  }

  @Test func namesAreUnique() {
    let ids = KnowledgeBase.all.map { $0.id.lowercased() }
    #expect(Set(ids).count == ids.count)
  }

  @Test func everyCheckIsExplained() {
    let explained = KnowledgeBase.all.filter { $0.kind == .check }.map(\.id)
    #expect(explained == CheckDefinition.all.map(\.id.rawValue))
  }

  @Test func relatedChecksExist() {
    let known = Set(CheckDefinition.all.map(\.id))
    for entry in KnowledgeBase.all {
      #expect(known.isSuperset(of: entry.checks), "\(entry.id)")
      #expect(Set(entry.checks).count == entry.checks.count, "\(entry.id)")
    }
  }

  @Test(arguments: [
    ("EPROTONOSUPPORT", "EPROTONOSUPPORT"), ("eprotonosupport", "EPROTONOSUPPORT"),
    ("93", "EPROTONOSUPPORT"), ("-93", "EPROTONOSUPPORT"), ("(93)", "EPROTONOSUPPORT"),
    ("errno 93", "EPROTONOSUPPORT"), ("error: -1", "EPERM"), (" ENOBUFS\n", "ENOBUFS"),
    ("Operation not permitted", "EPERM"), ("operation NOT permitted", "EPERM"),
    ("could not do it: Operation not permitted", "EPERM"), ("ioctl: EINVAL", "EINVAL"),
  ])
  func errnos(text: String, name: String) {
    #expect(KnowledgeBase.entries(explaining: text).map(\.id) == [name])
  }

  @Test(arguments: ["", " ", "0", "9999", "99999999999999999999", "93 94", "-", "…", "esp4 93"])
  func nothingIsMadeUp(text: String) {
    #expect(KnowledgeBase.entries(explaining: text) == [])
  }

  @Test func theMostSpecificComesFirst() {
    let entries = KnowledgeBase.entries(
      explaining: "received netlink error: Requested type not found (93)")
    #expect(entries.map(\.id) == ["kernel.no-type"])
    let framed = KnowledgeBase.entries(
      explaining:
        "received netlink error: Operation not supported (95) / failed to create XFRM interface")
    #expect(framed.map(\.id) == ["charon.no-xfrm-interface", "charon.no-routing-rules"])
    // The same words for two causes, unless a number tells them apart.
    let either = KnowledgeBase.entries(
      explaining: "Error: Kernel was unable to initialize cryptographic operations.")
    #expect(either.map(\.id) == ["kernel.no-template", "kernel.key-length"])
  }

  @Test func numbersAreWhole() {
    let line = "netlink response for Del SA esp.1@192.0.2.1 included errno 38: …"
    #expect(
      !KnowledgeBase.entries(explaining: line).contains { $0.id == "pluto.nothing-to-delete" })
  }
}
