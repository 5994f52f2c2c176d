import XFRMKit

/// Which SAs the templates of policies would use, and the other way round.
///
/// Found by what both have in common, so that long lists are not compared entry by entry.
struct Relations {
  private struct Key: Hashable {
    var proto: IPProtocol
    var mode: Mode
    /// `nil` for templates that take any.
    var requestID: UInt32?
  }

  private var associations: [Key: [SecurityAssociation]] = [:]
  private var policies: [Key: [(policy: Policy, template: Template)]] = [:]

  init(_ associations: [SecurityAssociation], _ policies: [Policy]) {
    for association in associations where !association.isLarval {
      for requestID in [association.requestID, nil] {
        let key = Key(proto: association.proto, mode: association.mode, requestID: requestID)
        self.associations[key, default: []].append(association)
      }
    }
    for policy in policies {
      for template in policy.templates {
        self.policies[Self.key(template, policy), default: []].append((policy, template))
      }
    }
  }

  /// SAs that the template would use, in the order of the list.
  func associations(for template: Template, of policy: Policy) -> [SecurityAssociation] {
    associations[Self.key(template, policy), default: []]
      .filter { $0.fits(template, of: policy) }
  }

  /// Policies with a template that would use the SA.
  func policies(using association: SecurityAssociation) -> [Policy] {
    guard !association.isLarval else { return [] }
    var found: [Policy] = []
    for requestID in [association.requestID, nil] {
      let key = Key(proto: association.proto, mode: association.mode, requestID: requestID)
      for (policy, template) in policies[key, default: []]
      where association.fits(template, of: policy) && found.last != policy {
        found.append(policy)
      }
    }
    return found
  }

  /// To incoming packets a request ID of 0 means any.
  private static func key(_ template: Template, _ policy: Policy) -> Key {
    let takesAny = template.requestID == 0 && !policy.isOutgoing
    return Key(
      proto: template.proto, mode: template.mode,
      requestID: takesAny ? nil : template.requestID)
  }
}

extension SecurityAssociation {
  /// Whether the kernel would take it for the template, as far as one can tell without a packet.
  /// Protocol, mode and request ID are known to fit.
  fileprivate func fits(_ template: Template, of policy: Policy) -> Bool {
    guard template.spi == 0 || template.spi == spi,
      (interfaceID ?? 0) == (policy.interfaceID ?? 0),
      direction == nil || (direction == .outgoing) == policy.isOutgoing
    else { return false }
    // Packets are looked up with the policy's mark; those that come in have their own.
    if policy.isOutgoing, let mark {
      let used = policy.mark.map { $0.value & $0.mask } ?? 0
      guard used & mark.mask == mark.value else { return false }
    }
    guard mode.hasOuterAddresses else {
      // In transport mode the packet's addresses count.
      return policy.selector.source.contains(source)
        && policy.selector.destination.contains(destination)
    }
    return destination == template.destination
      && (source == template.source || source.isUnspecified || template.source.isUnspecified)
  }
}

extension Policy {
  /// Whether it is for packets that leave, of a socket or not.
  fileprivate var isOutgoing: Bool {
    direction == .outgoing || direction == Direction(rawValue: 4)
  }
}
