/// A question to the kernel's databases.
enum Query: NetlinkRequest {
  case association(SecurityAssociationID)
  /// Every SA of a protocol, as a dump.
  case associations(IPProtocol)
  case policy(PolicyKey)
  /// Every policy, as a dump.
  case policies
  case sadInfo
  case spdInfo

  var messageType: MessageType {
    switch self {
    case .association, .associations: .getAssociation
    case .policy, .policies: .getPolicy
    case .sadInfo: .getSADInfo
    case .spdInfo: .getSPDInfo
    }
  }

  func encode(into message: inout MessageBuilder) {
    switch self {
    case .association(let id): id.encode(into: &message)
    case .associations(let proto):
      // A dump takes attributes straight after the header; a struct there hides them.
      if proto != .any { message.append(.dumpProtocol, proto.rawValue) }
    case .policy(let key): key.encode(into: &message)
    case .policies: break
    case .sadInfo, .spdInfo: message.append(UInt32.max)  // Flags of no meaning; they come back.
    }
  }
}

extension Query: CustomStringConvertible {
  var description: String {
    switch self {
    case .association(let id): "get \(id)"
    case .associations: "list SAs"
    case .policy(let key): "get \(key)"
    case .policies: "list policies"
    case .sadInfo: "count SAs"
    case .spdInfo: "count policies"
    }
  }
}
