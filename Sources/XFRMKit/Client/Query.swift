/// A question to the kernel's databases.
package enum Query: NetlinkRequest {
  case association(SecurityAssociationID)
  /// SAs, as a dump.
  case associations(AssociationFilter)
  case allocateSPI(SPIRequest)
  case checkpoint(SecurityAssociationID, AssociationCheckpoint.Flags)
  case policy(PolicyKey)
  /// Every policy, as a dump.
  case policies
  case sadInfo
  case spdInfo
  case defaultActions

  package var messageType: MessageType {
    switch self {
    case .association, .associations: .getAssociation
    case .allocateSPI: .allocateSPI
    case .checkpoint: .getCheckpoint
    case .policy, .policies: .getPolicy
    case .sadInfo: .getSADInfo
    case .spdInfo: .getSPDInfo
    case .defaultActions: .getDefaultActions
    }
  }

  package func encode(into message: inout MessageBuilder) {
    switch self {
    case .association(let id): id.encode(into: &message)
    case .associations(let filter): filter.encode(into: &message)
    case .allocateSPI(let request): request.encode(into: &message)
    case .checkpoint(let id, let flags):
      var request = AssociationCheckpoint(id)
      request.flags = flags
      request.encode(into: &message)
    case .policy(let key): key.encode(into: &message)
    case .policies: break
    case .sadInfo, .spdInfo: message.append(UInt32.max)  // Flags of no meaning; they come back.
    case .defaultActions: message.append(DefaultActions())
    }
  }
}

extension Query: CustomStringConvertible {
  package var description: String {
    switch self {
    case .association(let id): "get \(id)"
    case .associations: "list SAs"
    case .allocateSPI(let request): "allocate an \(request)"
    case .checkpoint(let id, _): "get the checkpoint of \(id)"
    case .policy(let key): "get \(key)"
    case .policies: "list policies"
    case .sadInfo: "count SAs"
    case .spdInfo: "count policies"
    case .defaultActions: "get the default actions"
    }
  }
}
