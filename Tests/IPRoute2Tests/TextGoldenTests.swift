import IPRoute2
import Testing
import XFRMKit

@Suite("Text like iproute2's")
struct TextGoldenTests {
  @Test("lists of SAs and policies", arguments: Golden.states + Golden.policies)
  func lists(_ capture: Golden.Capture) throws {
    #expect(!capture.messages.isEmpty && !capture.expected.isEmpty)
    var list = IPText(capture.options, names: .capturing())
    var monitor = IPText(capture.options, names: .capturing())
    for bytes in capture.messages {
      let event = try event(bytes)
      monitor.append(event)
      switch event.content {
      case .associationAdded(let association): list.append(association)
      case .policyAdded(let policy): list.append(policy)
      default: Issue.record("\(event.header.type) in a list")
      }
    }
    #expect(list.string == capture.expected)
    #expect(monitor.string == capture.expected, "replayed as by monitor file")
  }

  @Test("what monitors hear", arguments: Golden.monitor.flatMap(\.captures))
  func monitor(_ capture: Golden.Capture) throws {
    var text = IPText(capture.options, names: .capturing())
    for bytes in capture.messages { text.append(try event(bytes)) }
    #expect(text.string == capture.expected)
  }

  // iproute2 prints as much of an attribute as is there and says that it is truncated, and does not
  // look into a migration. Here a message that is damaged is an error.
  private static let damaged: Set<Substring> = ["trunc-alg", "trunc-encap", "migrate"]

  @Test(
    "notifications made by hand",
    arguments: Golden.notifications.filter { !damaged.contains($0.name) }.flatMap(\.captures))
  func notifications(_ capture: Golden.Capture) throws {
    var text = IPText(capture.options, names: .capturing())
    text.append(try event(capture.messages[0]))
    #expect(text.string == capture.expected)
  }

  @Test("damaged messages are refused")
  func damagedMessages() {
    let sections = Golden.notifications.filter { Self.damaged.contains($0.name) }
    #expect(sections.count == Self.damaged.count)
    for section in sections {
      #expect(throws: MalformedMessage.self) { try event(section.messages[0]) }
    }
  }

  @Test("the time in front of what monitors hear", arguments: ["-t monitor", "-ts monitor"])
  func timestamps(_ command: String) throws {
    let section = try #require(Golden.monitor.first)
    let stamps = try #require(section.texts.first { $0.command == command }?.lines)
    #expect(stamps.count == section.messages.count)
    for (stamp, bytes) in zip(stamps, section.messages) {
      let now = try #require(Self.time(of: stamp))
      var bare = IPText(names: .capturing())
      bare.append(try event(bytes))
      var stamped = IPText(IPText.Options(words: command), names: .capturing(now: now))
      stamped.append(try event(bytes))
      #expect(stamped.string == stamp + (command == "-ts monitor" ? " " : "\n") + bare.string)
    }
  }

  /// The time that `[2026-11-22T04:36:13.820320]` or `Timestamp: Sun Nov 22 04:36:13 2026 829372
  /// usec` tells: all are of that day.
  private static func time(of stamp: Substring) -> (Int64, UInt32)? {
    let clock = stamp.firstMatch(of: #/(\d\d):(\d\d):(\d\d)/#)
    let fraction = stamp.firstMatch(of: #/(?:\.|2026 )(\d+)/#)
    guard let clock, let fraction, let hours = Int64(clock.1), let minutes = Int64(clock.2),
      let seconds = Int64(clock.3), let microseconds = UInt32(fraction.1)
    else { return nil }
    return (1_795_305_600 + hours * 3600 + minutes * 60 + seconds, microseconds)
  }

  @Test("monitors of some groups hear some of the events")
  func groups() throws {
    let section = try #require(Golden.monitor.first)
    for (groups, command) in [
      (EventGroups.associations, "monitor SA"), (.policies, "monitor policy"),
    ] {
      let heard = try #require(section.texts.first { $0.command == command }?.lines.first)
      let numbers = heard.split(separator: " ").compactMap { Int($0) }
      #expect(!numbers.isEmpty)
      for (index, bytes) in section.messages.enumerated() {
        let content = try event(bytes).content
        #expect(numbers.contains(index + 1) == (groups == Self.group(of: content)))
      }
    }
  }

  private static func group(of content: XFRMEvent.Content) -> EventGroups {
    switch content {
    case .associationAdded, .associationUpdated, .associationDeleted, .associationsFlushed:
      .associations
    case .policyAdded, .policyUpdated, .policyDeleted, .policiesFlushed, .defaultActionsChanged:
      .policies
    default: []
    }
  }

  // The text of all-nsid was captured with events of a second namespace, whose messages were not.
  @Test("the namespace in front of what monitors hear")
  func namespaces() throws {
    let bytes = try #require(Golden.monitor.first?.messages[8])
    var options = IPText.Options()
    options.tellsNamespace = true
    let namespaces: [(Int32?, String)] = [(nil, "current"), (-1, "current"), (0, "0"), (12, "12")]
    for (namespace, words) in namespaces {
      var text = IPText(options, names: .capturing())
      text.append(try event(bytes), namespace: namespace)
      #expect(text.string == "[nsid \(words)]Flushed state proto 0\n")
    }
  }

  @Test("nokeys hides keys in monitors, too", arguments: ["monitor", "-s monitor"])
  func hiddenKeys(_ command: String) throws {
    let section = try #require(Golden.monitor.first)
    let shown = try #require(section.captures.first { $0.command == command })
    var text = IPText(IPText.Options(words: command + " nokeys"), names: .capturing())
    for bytes in section.messages { text.append(try event(bytes)) }
    let key = #/(?<line>\t(?:aead|enc|auth-trunc) \S+ )0x[0-9a-f]+(?: \(\d+ bits\))?/#
    #expect(
      text.string == shown.expected.replacing(key) { "\($0.line)<<Keys hidden>>" })
    #expect(text.string.contains("<<Keys hidden>>"))
    #expect(!text.string.contains("000102030405"))
  }
}
