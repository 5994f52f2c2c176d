public import Netlink
public import XFRMKit

extension IPCommand {
  /// The requests that it begins with, taken apart; none for what asks nothing of the kernel.
  ///
  /// `deleteall` begins with a list. What it deletes depends on that.
  public func requests() throws(UnencodableMessage) -> [RequestAnatomy] {
    if let operation { return [try RequestAnatomy(operation)] }
    if case .association(.replace(let association)) = self {
      return [
        try RequestAnatomy(.updateAssociation(association)),
        try RequestAnatomy(.addAssociation(association)),
      ]
    }
    guard let query else { return [] }
    return [try RequestAnatomy(query)]
  }

  private var query: Query? {
    switch self {
    case .association(.allocateSPI(let request)): .allocateSPI(request)
    case .association(.get(let id)): .association(id)
    case .association(.list(let query)), .association(.deleteAll(let query)):
      .associations(query.kernelFilter)
    case .association(.count): .sadInfo
    case .association(.getCheckpoint(let id, let flags)): .checkpoint(id, flags)
    case .policy(.get(let key)): .policy(key)
    case .policy(.list), .policy(.deleteAll): .policies
    case .policy(.count): .spdInfo
    case .policy(.getDefaultActions): .defaultActions
    default: nil
    }
  }
}
