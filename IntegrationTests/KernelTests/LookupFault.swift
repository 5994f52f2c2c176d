import XFRMKit

/// A rule that is not the kernel's.
enum LookupFault: String, Sendable {
  case newestPolicy
  case longestPrefix
  case ignoredMark
  case oldestAssociation
  case ignoredRequestID
  case nothingOptional
  case outermostFirst
  case ignoredSelectorOfAssociation

  /// What the databases would have to be for the kernel's rules to find what this one finds.
  func changed(_ lookup: PacketLookup) -> PacketLookup {
    var policies = lookup.policies
    var associations = lookup.associations
    switch self {
    case .newestPolicy:
      policies = policies.reversed()
      policies = policies.sorted { $0.priority < $1.priority }
    case .longestPrefix:
      policies = policies.sorted {
        $0.selector.destination.length > $1.selector.destination.length
      }
    case .ignoredMark: for index in policies.indices { policies[index].mark = nil }
    case .oldestAssociation: associations.reverse()
    case .ignoredRequestID: policies.changeTemplates { $0.requestID = 0 }
    case .nothingOptional: policies.changeTemplates { $0.isOptional = false }
    case .outermostFirst: for index in policies.indices { policies[index].templates.reverse() }
    case .ignoredSelectorOfAssociation:
      for index in associations.indices { associations[index].selector = .unrestricted }
    }
    return PacketLookup(
      inOrder: policies, associations: associations, defaultActions: lookup.defaultActions)
  }
}

extension [Policy] {
  fileprivate mutating func changeTemplates(_ change: (inout Template) -> Void) {
    for index in indices {
      for place in self[index].templates.indices { change(&self[index].templates[place]) }
    }
  }
}
