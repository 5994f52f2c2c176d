extension XFRMClient {
  /// Carries out changes until one is refused, with the effect of sending one after another.
  ///
  /// Additions that cannot let a packet leave in clear are sent together. Where the kernel refuses
  /// one of them, those behind it that it has accepted are taken back; everything else waits for
  /// the answer to what is before it. So this is about as fast as ``perform(_:options:report:)``
  /// where nothing is refused.
  ///
  /// - Parameters:
  ///   - operations: What to do, in order.
  ///   - report: Called once for each change with its number, from 0, and what became of it.
  /// - Returns: An outcome for each; ``/Netlink/RequestOutcome/notSent`` for those that were not
  ///   reached or were taken back.
  public mutating func performUntilRefusal(
    _ operations: [Operation], report: (Int, RequestOutcome) -> Void = { _, _ in }
  ) -> BatchResult {
    var result = BatchResult()
    result.outcomes.reserveCapacity(operations.count)
    var rest = operations[...]
    while !rest.isEmpty {
      let together = max(1, rest.prefix(Self.additionsTogether).prefix { $0.isRevocable }.count)
      let chunk = rest.prefix(together)
      rest = rest.dropFirst(together)
      var part = perform(chunk)
      if let end = part.outcomes.firstIndex(where: { $0 != .accepted }) {
        takeBack(chunk, after: end, of: &part)
      }
      for outcome in part.outcomes {
        report(result.outcomes.count, outcome)
        result.outcomes.append(outcome)
      }
      if !part.isAccepted {
        result.failure = part.failure
        break
      }
    }
    while result.outcomes.count < operations.count {
      report(result.outcomes.count, .notSent)
      result.outcomes.append(.notSent)
    }
    return result
  }

  /// Undoes what was accepted behind the first that was not.
  private mutating func takeBack(
    _ chunk: ArraySlice<Operation>, after end: Int, of part: inout BatchResult
  ) {
    let accepted = part.outcomes.indices.filter { $0 > end && part.outcomes[$0] == .accepted }
    let undoing = perform(
      accepted.reversed().compactMap { chunk[chunk.startIndex + $0].opposite })
    for (number, outcome) in zip(accepted.reversed(), undoing.outcomes) where outcome.isGone {
      part.outcomes[number] = .notSent
    }
  }

  /// One datagram's worth: more would only mean more to take back.
  private static let additionsTogether = 512
}

extension Operation {
  /// Whether it adds something without which nothing is less protected than with it, and which
  /// ``opposite`` removes.
  var isRevocable: Bool {
    switch self {
    // The kernel takes an SA without an SPI and finds it by none, so that deleting it would seem to
    // be done. Those of Mobile IPv6 have none, and are found by their addresses.
    case .addAssociation(let association):
      association.spi != 0 || ![.esp, .ah, .ipComp].contains(association.proto)
    case .addPolicy(let policy):
      policy.action == .block
        || !policy.templates.isEmpty && !policy.templates.contains { $0.isOptional }
    default: false
    }
  }

  fileprivate var opposite: Operation? {
    switch self {
    case .addAssociation(let association): .deleteAssociation(association.id)
    case .addPolicy(let policy): .deletePolicy(policy.key)
    default: nil
    }
  }
}

extension RequestOutcome {
  /// Of a deletion: what was to go is not there.
  fileprivate var isGone: Bool {
    switch self {
    case .accepted: true
    case .refused(let refusal): refusal.errno == .noSuchFile || refusal.errno == .noSuchProcess
    default: false
    }
  }
}
