import Testing

@testable import Netlink
@testable import XFRMKit

/// What a message says, as far as this library reads it.
enum Content: Equatable {
  case association(SecurityAssociation)
  case policy(Policy)
  case sadInfo(SADInfo)
  case spdInfo(SPDInfo)
  case refusal(KernelRefusal?)
  /// A message of a type that is not read yet.
  case other

  /// Reads the first message of a datagram; `nil` if it holds none.
  init?(_ datagram: [UInt8]) throws(MalformedMessage) {
    var messages = MessageReader(datagram.span)
    guard let message = try messages.next() else { return nil }
    switch message.header.type {
    case .newAssociation, .updateAssociation:
      self = .association(try SecurityAssociation(from: message.reader))
    case .newPolicy, .updatePolicy: self = .policy(try Policy(from: message.reader))
    case MessageType(rawValue: 34): self = .sadInfo(try SADInfo(from: message.reader))
    case MessageType(rawValue: 36): self = .spdInfo(try SPDInfo(from: message.reader))
    case .error, .done: self = .refusal(try KernelRefusal(message))
    default: self = .other
    }
  }

  /// The payload of a message that says so.
  func payload(_ form: MessageForm) -> [UInt8] {
    var message = MessageBuilder()
    switch self {
    case .association(let association): association.encode(into: &message, form: form)
    case .policy(let policy): policy.encode(into: &message, form: form)
    default: break
    }
    #expect(message.failure == nil)
    return message.bytes.array
  }
}

/// A whole message with this payload.
func message(_ type: MessageType, _ payload: [UInt8]) -> [UInt8] {
  var message = MessageBuilder()
  message.append(type) { $0.append(payload.span) }
  return message.bytes.array
}
