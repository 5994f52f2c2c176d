public import XFRMKit

/// Which policies and SAs a packet hits, and why it does not hit the others.
public struct PacketExplanation: Sendable {
  /// The packet, and where it is looked at.
  public let query: PacketQuery
  /// What becomes of it.
  public let fate: PacketFate
  /// The policies that it hits: one, or one of each type.
  public let policies: [Policy]
  /// The other policies of its direction, in the order in which the kernel prefers them.
  public let otherPolicies: [LosingPolicy]
  /// The SAs that templates take; for packets that come in, those that would be admitted.
  public let choices: [AssociationChoice]
  /// Whether another policy of the same priority is for the packet, too.
  public var isTied: Bool { otherPolicies.contains { $0.reason == .later } }

  /// A policy that is not applied to the packet.
  public struct LosingPolicy: Sendable {
    /// The policy.
    public var policy: Policy
    /// Why it is not applied.
    public var reason: Reason
  }

  /// Why a policy is not applied to the packet.
  public enum Reason: Hashable, Sendable {
    /// It is not for the packet.
    case mismatch(PacketMismatch)
    /// It is, but the one that is hit has the lower number.
    case lowerPriority
    /// It is, with the same priority, but comes behind the one that is hit, which is older.
    case later
    /// A sub policy is hit that leaves it unasked.
    case notReached
  }

  /// Works out what becomes of a packet.
  ///
  /// - Parameters:
  ///   - query: The packet, and where it is looked at.
  ///   - lookup: The databases.
  public init(_ query: PacketQuery, in lookup: PacketLookup) {
    self.query = query
    fate = lookup.fate(of: query)
    let hit = lookup.policies(for: query)
    policies = hit
    otherPolicies = lookup.policies.compactMap { policy in
      guard policy.direction == query.direction, !hit.contains(policy) else { return nil }
      return LosingPolicy(policy: policy, reason: Self.reason(policy, query, hit))
    }
    choices =
      query.direction == .outgoing
      ? lookup.choices(for: query, hit)
      : hit.flatMap { Self.admitted(query.packet, $0, lookup.associations) }
  }

  private static func reason(_ policy: Policy, _ query: PacketQuery, _ hit: [Policy]) -> Reason {
    if let mismatch = policy.mismatch(with: query) { return .mismatch(mismatch) }
    // Behind a sub policy packets that are forwarded meet main ones of packets that come in.
    guard
      let winner = hit.first(where: {
        $0.kind == policy.kind && $0.direction == policy.direction
      })
    else { return .notReached }
    return winner.priority < policy.priority ? .lowerPriority : .later
  }

  /// Of packets that come in the SA is known before the policy: any that fits the template, those
  /// first that lead where it says.
  private static func admitted(
    _ packet: PacketFlow, _ policy: Policy, _ associations: [SecurityAssociation]
  ) -> [AssociationChoice] {
    var ends = LookupEnds(of: packet)
    return policy.templates.map { template in
      let outer = LookupEnds(of: template)
      ends = outer ?? ends
      let fitting = associations.filter { association in
        !association.isLarval && association.direction != .outgoing
          && template.admits(association, interfaceID: policy.interfaceID ?? 0)
          && (outer != nil || association.leads(ends))
      }.sorted { $0.leads(ends) && !$1.leads(ends) }
      var choice = AssociationChoice(template: template, association: fitting.first)
      choice.alternatives = Array(fitting.dropFirst())
      return choice
    }
  }
}

extension SecurityAssociation {
  fileprivate func leads(_ ends: LookupEnds) -> Bool {
    destination == ends.destination && (source == ends.source || ends.source.isUnspecified)
  }
}
