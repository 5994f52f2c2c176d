public import XFRMKit

/// What comes of a command.
public enum CommandAnswer: Equatable, Sendable {
  /// It was done, and there is no more to say.
  case done
  /// The SAs that were asked for, or the one.
  case associations([SecurityAssociation])
  /// The policies that were asked for, or the one.
  case policies([Policy])
  /// How many SAs there are.
  case associationCounts(SADInfo)
  /// How many policies there are.
  case policyCounts(SPDInfo)
  /// What becomes of packets that no policy matches.
  case defaultActions(DefaultActions)
  /// An SA's sequence numbers and counters.
  case checkpoint(AssociationCheckpoint)
  /// `deleteall`: how many are gone, and what stood in the way of the others.
  case deleted(Int, failures: [XFRMError])
}

extension XFRMClient {
  /// Carries out a command; `monitor` and `help` have nothing to do here.
  public mutating func carryOut(_ command: IPCommand) throws(XFRMError) -> CommandAnswer {
    switch command {
    case .association(let command): try carryOut(command)
    case .policy(let command): try carryOut(command)
    case .monitor, .help: .done
    }
  }

  /// Carries out `state …`.
  public mutating func carryOut(_ command: AssociationCommand) throws(XFRMError) -> CommandAnswer {
    switch command {
    case .add(let association): try add(association)
    case .update(let association): try update(association)
    case .replace(let association): try replace(association)
    case .delete(let id): try delete(id)
    case .flush(let proto): try flushAssociations(proto)
    case .migrate(let migration): try perform(.migrate(migration))
    case .setCheckpoint(let checkpoint): try perform(.setCheckpoint(checkpoint))
    case .allocateSPI(let request): return .associations([try allocateSPI(request)])
    case .get(let id): return .associations([try association(id)])
    case .list(let query): return .associations(try associations(meantBy: query))
    case .deleteAll(let query):
      let meant = try associations(meantBy: query).filter { query.isDeletable($0) }
      return deleteAll(meant.map { .deleteAssociation($0.id) })
    case .count: return .associationCounts(try sadInfo())
    case .getCheckpoint(let id, let flags): return .checkpoint(try checkpoint(of: id, with: flags))
    }
    return .done
  }

  /// Carries out `policy …`.
  public mutating func carryOut(_ command: PolicyCommand) throws(XFRMError) -> CommandAnswer {
    switch command {
    case .add(let policy): try add(policy)
    case .update(let policy): try update(policy)
    case .delete(let key): try delete(key)
    case .flush(let kind): try flushPolicies(kind)
    case .setHashThresholds(let ipv4, let ipv6):
      try perform(.setHashThresholds(ipv4: ipv4, ipv6: ipv6))
    case .setDefaultActions(let actions): try perform(.setDefaultActions(actions))
    case .get(let key): return .policies([try policy(key)])
    case .list(let query): return .policies(try policies(meantBy: query))
    case .deleteAll(let query):
      let meant = try policies().filter { query.isDeletable($0) }
      return deleteAll(
        meant.map { policy in
          // By number: the kernel may go through all selectors to find one.
          var key = policy.key
          key.index = policy.index
          return .deletePolicy(key)
        })
    case .count: return .policyCounts(try spdInfo())
    case .getDefaultActions: return .defaultActions(try defaultActions())
    }
    return .done
  }

  private mutating func replace(_ association: SecurityAssociation) throws(XFRMError) {
    do throws(XFRMError) {
      try update(association)
    } catch {
      guard error.cause == .missingInDirection else { throw error }
      try add(association)
    }
  }

  /// The SAs that a query means. What the kernel does not filter is filtered here.
  public mutating func associations(
    meantBy query: AssociationQuery
  ) throws(XFRMError) -> [SecurityAssociation] {
    let listed = try associations(query.kernelFilter)
    return query.meansAll ? listed : listed.filter { query.matches($0) }
  }

  /// The policies that a query means.
  public mutating func policies(meantBy query: PolicyQuery) throws(XFRMError) -> [Policy] {
    let listed = try policies()
    return listed.filter { query.matches($0) }
  }

  /// Deletes what is there; what has gone meanwhile is no failure.
  private mutating func deleteAll(_ operations: [XFRMKit.Operation]) -> CommandAnswer {
    var failures: [XFRMError] = []
    var count = 0
    let result = perform(operations) { number, outcome in
      switch outcome {
      case .accepted: count += 1
      case .refused(let refusal):
        let error = XFRMError(operations[number], .refused(refusal))
        if error.cause != .missing { failures.append(error) }
      default: break
      }
    }
    if let failure = result.failure { failures.append(failure) }
    return .deleted(count, failures: failures)
  }
}
