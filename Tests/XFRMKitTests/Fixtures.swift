import Netlink
import TestSupport
import Testing

@testable import XFRMKit

/// Messages that kernels and iproute2 have sent.
enum Fixtures {
  /// One exchange of the vectors file.
  struct Exchange: Sendable {
    var title: String
    /// Datagrams sent, received in answer, and heard on multicast groups.
    var requests: [[UInt8]] = []
    var responses: [[UInt8]] = []
    var events: [[UInt8]] = []
  }

  /// One message with the name of where it comes from.
  struct Message: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]

    var type: MessageType {
      MessageType(rawValue: UInt16(bytes[4]) | UInt16(bytes[5]) << 8)
    }
    var isAssociation: Bool { type == .newAssociation || type == .updateAssociation }
    var isPolicy: Bool { type == .newPolicy || type == .updatePolicy }
    var payload: [UInt8] { Array(bytes[16...]) }
    var testDescription: String { name }
  }

  /// What a Linux 6.18 was asked and answered.
  static let exchanges: [Exchange] = {
    var exchanges: [Exchange] = []
    for line in FixtureFile.lines(of: "vectors.txt") {
      if line.hasPrefix("## ") {
        exchanges.append(Exchange(title: String(line.dropFirst(3))))
        continue
      }
      let last = exchanges.count - 1
      switch line.prefix(4) {
      case "REQ ": exchanges[last].requests.append(hex(line.dropFirst(4)))
      case "RSP ": exchanges[last].responses.append(hex(line.dropFirst(4)))
      case "EVT ": exchanges[last].events.append(hex(line.dropFirst(4)))
      default: break
      }
    }
    return exchanges
  }()

  /// Every message of both files.
  static let messages: [Message] = {
    var messages: [Message] = []
    for exchange in exchanges {
      for datagram in exchange.requests + exchange.responses + exchange.events {
        for bytes in split(datagram) {
          messages.append(Message(name: exchange.title, bytes: bytes))
        }
      }
    }
    for line in FixtureFile.lines(of: "messages.txt") where !line.hasPrefix("#") {
      guard let blank = line.firstIndex(of: " ") else { continue }
      messages.append(Message(name: String(line[..<blank]), bytes: hex(line[blank...])))
    }
    return messages
  }()

  /// What iproute2 asks for the words that each is named by.
  static let requests: [Message] = {
    var requests: [Message] = []
    var words = ""
    for line in FixtureFile.lines(of: "requests.txt") where !line.hasPrefix("#") {
      if line.hasPrefix("> ") {
        words = String(line.dropFirst(2))
      } else {
        requests.append(Message(name: words, bytes: hex(line)))
      }
    }
    return requests
  }()

  static let associations = messages.filter(\.isAssociation)
  static let policies = messages.filter(\.isPolicy)

  /// Cuts a datagram into its messages by their lengths alone.
  private static func split(_ datagram: [UInt8]) -> [[UInt8]] {
    var messages: [[UInt8]] = []
    var rest = datagram[...]
    while let low = rest.first {
      let length = Int(low) | Int(rest[rest.startIndex + 1]) << 8
      messages.append(Array(rest.prefix(length)))
      rest = rest.dropFirst((length + 3) & ~3)
    }
    return messages
  }
}
