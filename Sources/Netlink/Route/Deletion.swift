/// The opposite of a request that adds something. rtnetlink numbers the two one after the other:
/// `RTM_NEWADDR` and `RTM_DELADDR`.
struct Deletion<Addition: NetlinkRequest>: NetlinkRequest {
  var addition: Addition

  init(of addition: Addition) { self.addition = addition }

  var messageType: MessageType { MessageType(rawValue: addition.messageType.rawValue + 1) }
  func encode(into message: inout MessageBuilder) { addition.encode(into: &message) }
}
