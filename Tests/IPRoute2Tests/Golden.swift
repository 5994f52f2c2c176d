import Glibc
import IPRoute2
import Netlink
import TestSupport
import Testing
import XFRMKit

/// What iproute2 printed of messages that were kept.
enum Golden {
  /// One command's text.
  struct Capture: Sendable, CustomTestStringConvertible {
    /// Where the messages come from, and what was asked.
    var name: String
    var command: String
    var messages: [[UInt8]]
    var expected: String
    var testDescription: String { "\(name): ip \(command)" }

    var options: IPText.Options { IPText.Options(words: command) }
  }

  /// Messages of XFRMKit's fixtures by the name of where they come from, in order.
  static let messages: [Substring: [[UInt8]]] = {
    var messages: [Substring: [[UInt8]]] = [:]
    let sibling = #filePath.replacing("/IPRoute2Tests/", with: "/XFRMKitTests/")
    for line in FixtureFile.lines(of: "messages.txt", here: sibling) where !line.hasPrefix("#") {
      guard let blank = line.firstIndex(of: " "),
        let dot = line[..<blank].lastIndex(of: ".")
      else { continue }
      messages[line[..<dot], default: []].append(hex(line[blank...]))
    }
    return messages
  }()

  static let states = Section.all(of: "states.txt").flatMap(\.captures)
  static let policies = Section.all(of: "policies.txt").flatMap(\.captures)
  static let notifications = Section.all(of: "notifications.txt")
  static let monitor = Section.all(of: "monitor.txt")

  /// The texts that belong to the same messages.
  struct Section: Sendable, CustomTestStringConvertible {
    var name: Substring
    var messages: [[UInt8]]
    /// Behind the character that begins it and the command, the lines of each text.
    var texts: [(kind: Character, command: String, lines: [Substring])] = []
    var testDescription: String { String(name) }

    var captures: [Capture] {
      texts.filter { $0.kind == "$" }.flatMap { (_, command, lines) -> [Capture] in
        let parts = command.split(separator: " ~ ").map(String.init)
        let text =
          parts.count == 2
          ? inOneLine(texts.first { commands($0.command).contains(parts[1]) }?.lines ?? [])
          : lines.map { "\($0)\n" }.joined()
        return commands(parts[0]).map {
          Capture(name: String(name), command: $0, messages: messages, expected: text)
        }
      }
    }

    private func commands(_ text: String) -> [String] {
      text.split(separator: " | ").map(String.init)
    }

    /// Objects in one line each; their first lines begin with no blank.
    private func inOneLine(_ lines: [Substring]) -> String {
      var text = ""
      for line in lines {
        if !text.isEmpty, line.first?.isWhitespace == false { text += "\n" }
        text += "\(line)\\"
      }
      return text + "\n"
    }

    static func all(of file: String) -> [Section] {
      var sections: [Section] = []
      let lines = FixtureFile.text(of: file).split(
        separator: "\n", omittingEmptySubsequences: false)
      for line in lines.dropLast() {
        let last = sections.count - 1
        switch (line.first, line.dropFirst().first) {
        case ("#", "#"):
          let words = line.dropFirst(3).split(separator: " ")
          let all = Golden.messages[words[0]] ?? []
          let numbers = words.dropFirst().compactMap { Int($0) }
          sections.append(
            Section(name: words[0], messages: numbers.isEmpty ? all : numbers.map { all[$0 - 1] }))
        case (">", _): sections[last].messages.append(hex(line.dropFirst(2)))
        case ("$", _), ("^", _), ("=", _):
          sections[last].texts.append((line.prefix(1).first ?? "$", "\(line.dropFirst(2))", []))
        case _ where last >= 0 && !sections[last].texts.isEmpty:
          sections[last].texts[sections[last].texts.count - 1].lines.append(line)
        default: break
        }
      }
      return sections
    }
  }
}

extension IPText.Options {
  /// Those of a command line of `ip xfrm`, of which `-d`, `-j` and `-N` mean nothing to it.
  init(words: String) {
    self.init()
    for word in words.split(separator: " ") {
      switch word {
      case "-s": statistics += 1
      case "-o": isOneLine = true
      case "-t": timestamp = .long
      case "-ts": timestamp = .short
      case "nokeys": hidesKeys = true
      case "all-nsid": tellsNamespace = true
      default: break
      }
    }
  }
}

extension SystemNames {
  /// Those of the host on which the texts were captured; its time zone was UTC.
  static func capturing(now: (Int64, UInt32) = (0, 0)) -> SystemNames {
    SystemNames(
      proto: { number in
        [
          1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ah", 58: "ipv6-icmp",
          132: "sctp", 135: "mobility-header",
        ][number]
      },
      interface: { [1: "lo", 2: "d0"][$0] },
      localTime: { seconds in
        var seconds = time_t(seconds)
        var time = unsafe tm()
        // Sound: both outlive the call.
        guard unsafe gmtime_r(&seconds, &time) != nil else { return nil }
        return unsafe CalendarTime(
          year: 1900 + Int(time.tm_year), month: 1 + Int(time.tm_mon), day: Int(time.tm_mday),
          weekday: Int(time.tm_wday), hour: Int(time.tm_hour), minute: Int(time.tm_min),
          second: Int(time.tm_sec))
      },
      now: { now })
  }
}

/// Reads one message as what a monitor hears.
func event(_ bytes: [UInt8]) throws(MalformedMessage) -> XFRMEvent {
  var messages = MessageReader(bytes.span)
  guard let message = try messages.next() else {
    throw .truncated(at: 0, needed: 16, available: 0)
  }
  return try XFRMEvent(message)
}

extension IPText {
  /// The text so far.
  var string: String {
    String(decoding: output.indices.map { output[$0] }, as: UTF8.self)
  }
}
