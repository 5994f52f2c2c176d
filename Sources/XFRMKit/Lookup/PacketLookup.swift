/// What the kernel finds for a packet in its databases, worked out as the kernel does.
///
/// Policies come by priority, and among equals the oldest first; how long their prefixes are means
/// nothing. Of one exception no list tells: a policy that was replaced without another priority may
/// keep its old place. Before Linux 6.12 those that are found by hash come before equals.
public struct PacketLookup: Sendable {
  /// As packets are held against them.
  public private(set) var policies: [Policy]
  /// The newest first.
  public private(set) var associations: [SecurityAssociation]
  /// What becomes of packets that no policy is for.
  public private(set) var defaultActions: DefaultActions
  /// In seconds since 1970; decides which SAs are to be renewed.
  private let time: UInt64?

  /// Takes lists as the kernel gives them.
  ///
  /// - Parameters:
  ///   - policies: The newest first; those of sockets are left out.
  ///   - associations: The newest first.
  ///   - defaultActions: `nil` for a kernel that has none and accepts.
  ///   - hashing: Of a kernel before Linux 6.12, which policies it finds by hash.
  ///   - time: Now, in seconds since 1970; `nil` if nobody looked at a clock.
  public init(
    policies: [Policy], associations: [SecurityAssociation], defaultActions: DefaultActions? = nil,
    hashing: SPDInfo? = nil, time: UInt64? = nil
  ) {
    // Sorting is stable, so that the oldest of equals comes first.
    var ordered = policies.reversed().filter { !$0.direction.isOfSocket }
      .sorted { $0.priority < $1.priority }
    if let hashing { ordered = hashing.ordered(ordered) }
    self.init(
      inOrder: ordered, associations: associations, defaultActions: defaultActions, time: time)
  }

  /// Takes policies that are in order already.
  package init(
    inOrder policies: [Policy], associations: [SecurityAssociation],
    defaultActions: DefaultActions?, time: UInt64? = nil
  ) {
    self.policies = policies
    self.associations = associations
    self.defaultActions =
      defaultActions ?? DefaultActions(incoming: .accept, forwarded: .accept, outgoing: .accept)
    self.time = time
  }

  /// The policies that a packet hits: one, or one of each type. None if no policy is for it.
  ///
  /// - Parameter query: The packet, and where it is looked at.
  public func policies(for query: PacketQuery) -> [Policy] {
    guard let sub = first(.sub, query) else { return first(.main, query).map { [$0] } ?? [] }
    var next = query
    if query.direction == .outgoing {
      // What a sub policy blocks no other one is asked about.
      guard sub.action == .allow else { return [sub] }
    } else {
      // Behind a sub policy the kernel looks for one of packets that come in, even to be forwarded.
      next.direction = .incoming
    }
    return [sub, first(.main, next)].compactMap { $0 }
  }

  private func first(_ kind: Policy.Kind, _ query: PacketQuery) -> Policy? {
    policies.first { $0.kind == kind && $0.mismatch(with: query) == nil }
  }

  /// What becomes of a packet.
  ///
  /// - Parameter query: The packet, and where it is looked at.
  public func fate(of query: PacketQuery) -> PacketFate {
    let hit = policies(for: query)
    guard query.direction == .outgoing else {
      let templates = hit.flatMap(\.templates)
      return switch refusal(of: query) {
      case nil: templates.isEmpty ? .clearOnly : .clear
      case .templateMismatch, .associationMismatch: .needsProtection(templates)
      case .blockingPolicy: .dropped(.blockingPolicy)
      case .noPolicy: .dropped(.defaultAction)
      case .tooManyTemplates: .dropped(.tooManyTemplates)
      }
    }
    if hit.isEmpty, defaultActions.outgoing == .block { return .dropped(.defaultAction) }
    guard hit.allSatisfy({ $0.action == .allow }) else { return .dropped(.blockingPolicy) }
    return fate(of: query, leavingBy: hit)
  }

  /// The kernel has room for one more, and does not use it.
  static let mostTemplates = 5

  private func fate(of query: PacketQuery, leavingBy policies: [Policy]) -> PacketFate {
    var used: [SecurityAssociationID] = []
    for policy in policies {
      // What optional templates of another policy did without does not count.
      guard used.count + policy.templates.count <= Self.mostTemplates else {
        return .dropped(.tooManyTemplates)
      }
      for choice in choices(for: query, policy, explains: false) {
        if let association = choice.association {
          if association.direction == .incoming { return .dropped(.wrongDirection(association.id)) }
          used.append(association.id)
        } else if !choice.template.isOptional {
          return .dropped(
            choice.isAwaited ? .awaitsAssociation(choice.template) : .noAssociation(choice.template)
          )
        }
      }
    }
    return used.isEmpty ? .clear : .protected(used)
  }
}

extension DefaultActions {
  /// What becomes of packets that no policy of a direction is for.
  ///
  /// - Parameter direction: Where they are looked at.
  public subscript(direction: Policy.Direction) -> Action {
    switch direction {
    case .incoming: incoming
    case .forwarded: forwarded
    default: outgoing
    }
  }
}

/// Which SA is taken for a template.
public struct AssociationChoice: Sendable {
  /// What asks for it.
  public var template: Template
  /// The SA; `nil` if none will do.
  public var association: SecurityAssociation?
  /// Somebody was asked for an SA, and has not answered yet.
  public var isAwaited = false
  /// Why the others are not taken; an SA that would do is not among them.
  public var mismatches: [(association: SecurityAssociation, mismatch: AssociationMismatch)] = []
  /// Those that would do as well, but are older, or are to be renewed.
  public var alternatives: [SecurityAssociation] = []

  package init(template: Template, association: SecurityAssociation? = nil) {
    self.template = template
    self.association = association
  }
}

extension PacketLookup {
  /// Which SAs a packet that leaves would go through, for each template of its policies.
  ///
  /// - Parameters:
  ///   - query: The packet.
  ///   - policies: What ``policies(for:)`` has found.
  public func choices(for query: PacketQuery, _ policies: [Policy]) -> [AssociationChoice] {
    policies.flatMap { choices(for: query, $0, explains: true) }
  }

  /// Each policy begins with the packet's own addresses, whatever another one has put around it.
  ///
  /// - Parameter explains: Whether to tell of SAs that are not taken.
  private func choices(
    for query: PacketQuery, _ policy: Policy, explains: Bool
  ) -> [AssociationChoice] {
    var inner = LookupEnds(of: query.packet)
    return policy.templates.map { template in
      let ends = LookupEnds(of: template) ?? inner
      let choice = choice(template, policy, ends, query.packet, explains)
      if choice.association != nil { inner = ends }
      return choice
    }
  }

  private func choice(
    _ template: Template, _ policy: Policy, _ ends: LookupEnds, _ packet: PacketFlow,
    _ explains: Bool
  ) -> AssociationChoice {
    var choice = AssociationChoice(template: template)
    var fitting: [SecurityAssociation] = []
    for association in associations {
      let mismatch = association.mismatch(
        with: template, of: policy, between: ends, for: packet)
      guard let mismatch else {
        fitting.append(association)
        continue
      }
      if explains { choice.mismatches.append((association, mismatch)) }
      if mismatch == .larval { choice.isAwaited = true }
    }
    // SAs without a source are for those that have none of their own.
    let exact = fitting.filter { !$0.source.isUnspecified }
    let candidates = exact.isEmpty ? fitting : exact
    choice.association = candidates.min { left, right in
      let dying = (left.isDying(at: time), right.isDying(at: time))
      return dying.0 == dying.1 ? left.usage.addedAt > right.usage.addedAt : !dying.0
    }
    if explains { choice.alternatives = fitting.filter { $0.id != choice.association?.id } }
    return choice
  }
}
