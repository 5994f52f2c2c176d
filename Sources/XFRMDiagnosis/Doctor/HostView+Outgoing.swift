internal import XFRMKit

/// Policies and SAs for packets that leave.
extension HostView {
  var outgoing: [Cause] {
    missingPolicies + protecting.flatMap { shadows($0) } + blocking
      + protecting.flatMap { wants($0) }
      + exhausted + directions + narrow
  }

  private var missingPolicies: [Cause] {
    let expecting = lookup.policies.filter {
      $0.direction != .outgoing && $0.action == .allow
        && $0.templates.contains { !$0.isOptional }
    }
    if protecting.isEmpty, expecting.isEmpty {
      guard let association = associations.first else { return [] }
      return [cause(.noPolicies, "\(association.words), and no policy has a template")]
    }
    let scopes = Set(expecting.map(Scope.init))
    func isCounterpart(_ policy: Policy, of expected: Policy) -> Bool {
      let scope = Scope(policy)
      // Who comes in by one interface ID or mark, and leaves by another, uses that for nothing else.
      return policy.selector.overlaps(expected.mirrored)
        && (scope == Scope(expected) || !scopes.contains(scope))
    }
    let lonely = expecting.first { expected in
      !protecting.contains { isCounterpart($0, of: expected) }
    }
    guard let lonely else { return [] }
    let block = lookup.policies.first {
      $0.direction == .outgoing && $0.action == .block && isCounterpart($0, of: lonely)
    }
    if let block {
      // That it was hit is told by the counter.
      return raised["XfrmOutPolBlock"] == nil
        ? [cause(.blockingPolicy, block.words, "and nothing protects \(lonely.mirrored)")] : []
    }
    return [cause(.noOutgoingPolicy, lonely.words, "none out for \(lonely.mirrored)")]
  }

  /// What takes every packet before the policy gets it.
  private func shadows(_ policy: Policy) -> [Cause] {
    for other in lookup.policies {
      if other == policy { break }
      let isForSame =
        other.direction == policy.direction && other.kind == policy.kind
        && other.interfaceID ?? 0 == policy.interfaceID ?? 0
        && (other.mark == nil || other.mark?.mask == 0 || other.mark == policy.mark)
        && other.selector.family == policy.selector.family
        && other.selector.covers(policy.selector)
      if isForSame, other.action == .block || other.templates.isEmpty {
        return [cause(.shadowed, "\(other.words) \(other.action)", "before \(policy.words)")]
      }
    }
    return []
  }

  private var blocking: [Cause] {
    var causes: [Cause] = []
    let directions: [(String, Bool)] = [("XfrmOutPolBlock", true), ("XfrmInPolBlock", false)]
    for (counter, isOut) in directions {
      guard let count = raised[counter] else { continue }
      let policies = lookup.policies.filter {
        ($0.direction == .outgoing) == isOut && $0.action == .block
          && $0.usage.firstUsedAt >= evidence.before.time && $0.usage.firstUsedAt > 0
      }
      let lines = ["\(counter) rose by \(count)"] + policies.prefix(3).map(\.words)
      causes.append(Cause(.blockingPolicy, on: evidence.name, evidence: lines))
    }
    if raised["XfrmOutPolError"] != nil, protecting.contains(where: { $0.templates.count > 5 }) {
      causes.append(cause(.tooManyTemplates, "XfrmOutPolError rose"))
    }
    return causes
  }

  /// Why there is no SA for a policy. Without packets it may wait for the first one.
  private func wants(_ policy: Policy) -> [Cause] {
    for choice in lookup.choices(for: Self.sample(policy), [policy]) {
      guard choice.association == nil, !choice.template.isOptional else { continue }
      if let asked = stillAwaited(choice) {
        return [cause(.awaited, "a larval SA to \(asked.destination)", policy.words)]
      }
      if let gone = evidence.expired.first(where: { choice.template.sends($0, policy) }) {
        // What was asked for and never came has no SPI yet.
        return gone.spi == 0
          ? [cause(.awaited, "nobody answered for one to \(gone.destination)", policy.words)]
          : [cause(.expired, "\(gone.words) ended meanwhile", policy.words)]
      }
      if let near = nearMiss(choice, policy) { return [near] }
      guard let count = raised["XfrmOutNoStates"] else { continue }
      return [cause(.noAssociation, "XfrmOutNoStates rose by \(count)", policy.words)]
    }
    return []
  }

  /// What was asked for before anybody looked: an answer takes its time.
  private func stillAwaited(_ choice: AssociationChoice) -> SecurityAssociation? {
    choice.mismatches.first { association, mismatch in
      mismatch == .larval && earlier[association.id]?.isLarval == true
    }?.association
  }

  /// An SA that would be taken if little were otherwise, and is not there for another policy.
  private func nearMiss(_ choice: AssociationChoice, _ policy: Policy) -> Cause? {
    let outgoing = Set(outgoingAssociations.map(\.id)).subtracting(claimed)
    let near = choice.mismatches.filter { outgoing.contains($0.association.id) }
    for (association, mismatch) in near {
      guard let id = Mending(choice.template, policy, association, Self.sample(policy).packet).first
      else { continue }
      return cause(
        id, "\(association.words): \(mismatch.words(of: association, for: choice.template))",
        policy.words)
    }
    return nil
  }

  private var exhausted: [Cause] {
    outgoingAssociations.filter { association in
      let last = association.replayState?.outgoingSequence
      return last == .max && !association.flags.contains(.extendedSequenceNumbers)
        || association.extendedReplayState.map {
          association.flags.contains(.extendedSequenceNumbers)
            ? $0.outgoingSequence == .max : $0.outgoingSequence == UInt64(UInt32.max)
        } == true
    }.map { cause(.exhausted, "\($0.words) has sent its last number") }
  }

  private var directions: [Cause] {
    let wrong =
      outgoingAssociations.filter { $0.direction == .incoming }
      + incomingAssociations.filter { $0.direction == .outgoing && !isOwn($0.source) }
    return wrong.map { association in
      cause(
        .direction, "\(association.words) is for direction \(association.direction ?? .incoming)")
    }
  }

  /// An SA that is taken for some packets of a policy and not for others.
  private var narrow: [Cause] {
    protecting.flatMap { policy in
      lookup.choices(for: Self.sample(policy), [policy]).compactMap { choice in
        guard let association = choice.association,
          association.selector.family != .unspecified,
          association.selector.family == policy.selector.family,
          !association.selector.covers(policy.selector)
        else { return nil }
        return cause(
          .selector, "\(association.words) carries \(association.selector)", policy.words)
      }
    }
  }
}

/// Which packets a policy is for besides its selector.
private struct Scope: Hashable {
  var interfaceID: UInt32
  var mark: Mark

  init(_ policy: Policy) {
    interfaceID = policy.interfaceID ?? 0
    mark = policy.mark ?? Mark(0, mask: 0)
  }
}

extension Template {
  /// Whether it took an SA, of which only a part is announced when it ends.
  fileprivate func sends(_ association: SecurityAssociation, _ policy: Policy) -> Bool {
    admits(association)
      && (mode.hasOuterAddresses
        ? destination == association.destination
        : policy.selector.destination.contains(association.destination))
  }
}
