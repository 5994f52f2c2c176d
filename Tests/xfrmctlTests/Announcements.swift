import FoundationEssentials
import Netlink

@testable import XFRMKit

/// What kernels and iproute2 have sent, from the fixtures of XFRMKit's tests, as monitoring has it.
enum Announcements {
  static let all: [XFRMEvents.Element] = ["messages.txt", "vectors.txt"].flatMap { name in
    lines(of: name).flatMap { decode(hex($0)) }
  }

  private static func decode(_ datagram: [UInt8]) -> [XFRMEvents.Element] {
    var elements: [XFRMEvents.Element] = []
    var messages = MessageReader(datagram.span)
    do throws(MalformedMessage) {
      while let message = try messages.next() {
        do throws(MalformedMessage) {
          elements.append(.event(try XFRMEvent(message)))
        } catch {
          elements.append(.unreadable(error))
        }
      }
    } catch {
      elements.append(.unreadable(error))
    }
    return elements
  }

  /// The bytes behind the first word of each line, which says where they come from.
  private static func lines(of name: String) -> [Substring] {
    let folder =
      #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
      .joined(separator: "/") + "/XFRMKitTests/Fixtures"
    // Without the file there are no announcements, and a test that counts them fails.
    guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .compactMap { line in line.firstIndex(of: " ").map { line[$0...] } }
  }

  /// Blanks mean nothing; `00*24` is 24 zero bytes.
  private static func hex(_ text: Substring) -> [UInt8] {
    text.split(separator: " ").flatMap { word -> [UInt8] in
      let parts = word.split(separator: "*")
      let digits = parts[0].compactMap(\.hexDigitValue)
      let bytes = stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
      }
      let count = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
      return bytes + (bytes.last.map { Array(repeating: $0, count: count - 1) } ?? [])
    }
  }
}

extension XFRMEvent {
  /// One that nobody sent.
  init(content: Content, sequence: UInt32, port: UInt32) {
    self.init(
      content: content,
      header: MessageHeader(
        length: 16, type: MessageType(rawValue: 0), flags: [], sequence: sequence, port: port))
  }
}
