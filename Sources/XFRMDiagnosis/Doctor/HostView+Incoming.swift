internal import XFRMKit

/// Policies and SAs for packets that come in.
extension HostView {
  var incoming: [Cause] {
    mismatches + unexpected + lateOnes + wrongWrapping + changedHeaders
  }

  /// SAs that packets came through meanwhile.
  var busy: [SecurityAssociation] { incomingAssociations.filter { rise($0) > 0 } }

  /// Policies that ask what packets came through.
  private func asking(_ direction: Policy.Direction? = nil) -> [Policy] {
    lookup.policies.filter {
      $0.direction != .outgoing && $0.action == .allow && !$0.templates.isEmpty
        && (direction == nil || $0.direction == direction)
    }
  }

  /// Packets came through an SA that is not quite as the policies ask.
  private var mismatches: [Cause] {
    guard let count = raised["XfrmInTmplMismatch"] else { return [] }
    let templates = asking().flatMap(\.templates)
    for association in busy where !templates.contains(where: { $0.admits(association) }) {
      for template in templates {
        guard let (id, mismatch) = onlyMismatch(template, association) else { continue }
        return [
          cause(
            id, "XfrmInTmplMismatch rose by \(count)",
            "\(association.words): \(mismatch.words(of: association, for: template))")
        ]
      }
    }
    return []
  }

  private func onlyMismatch(
    _ template: Template, _ association: SecurityAssociation
  ) -> (CauseID, AssociationMismatch)? {
    let ways: [(CauseID, AssociationMismatch, (inout Template) -> Void)] = [
      (.requestID, .requestID, { $0.requestID = 0 }),
      (.templateSPI, .spi, { $0.spi = 0 }),
      (.mode, .mode, { $0.mode = association.mode }),
      (.templateAddress, .source, { $0.source = association.source }),
    ]
    for (id, mismatch, mend) in ways {
      var mended = template
      mend(&mended)
      if mended.admits(association) { return (id, mismatch) }
    }
    return nil
  }

  /// What came out of an SA, and no policy is for it; or never was in one, and is blocked.
  private var unexpected: [Cause] {
    guard let count = raised["XfrmInNoPols"] else { return [] }
    let counter = "XfrmInNoPols rose by \(count)"
    for association in busy where association.mode.hasOuterAddresses {
      func isLetIn(_ direction: Policy.Direction) -> Bool {
        asking(direction).contains { $0.templates.contains { $0.admits(association) } }
      }
      let isGateway = protecting.contains {
        $0.isTunnel && $0.selector.source.length < $0.selector.source.address.bitWidth
      }
      if isGateway, !isLetIn(.forwarded) {
        return [cause(.noForwardingPolicy, counter, "\(association.words) brought packets")]
      }
      if !isLetIn(.incoming) {
        return [cause(.noIncomingPolicy, counter, "\(association.words) brought packets")]
      }
    }
    let blocked = [Policy.Direction.incoming, .forwarded]
      .filter { lookup.defaultActions[$0] == .block }
    guard let direction = blocked.last else { return [] }
    return [cause(.blockingDefault, counter, "the default action of \(direction) is block")]
  }

  /// Too late for the window while others arrive, or all of them too late.
  private var lateOnes: [Cause] {
    incomingAssociations.compactMap { association in
      let refused = refused(association)
      let late = refused.outsideReplayWindow
      guard late + refused.replayed > 0 else { return nil }
      if rise(association) == 0 {
        return cause(
          .restarted, "\(association.words) refused \(late + refused.replayed) packets, took none")
      }
      guard late > 0 else { return nil }
      let window =
        association.extendedReplayState?.window ?? UInt32(association.replayWindow)
      return cause(
        .replayWindow, "\(association.words) has a window of \(window), and \(late) were too late")
    }
  }

  private var wrongWrapping: [Cause] {
    guard let count = raised["XfrmInStateMismatch"] else { return [] }
    let counter = "XfrmInStateMismatch rose by \(count)"
    if let association = busy.first(where: { association in
      association.selector.family != .unspecified
        && asking().contains {
          $0.selector.family == association.selector.family
            && !association.selector.covers($0.selector)
        }
    }) {
      return [cause(.selector, counter, "\(association.words) carries \(association.selector)")]
    }
    // Of a port that nobody has open that is told.
    let idle = incomingAssociations.first { association in
      let port = association.encapsulation?.destinationPort
      return rise(association) == 0
        && port.map { evidence.udpPorts?.contains($0) != false } != false
    }
    guard let idle else { return [] }
    let expected = idle.encapsulation == nil ? "plain ESP" : "ESP in UDP"
    return [cause(.encapsulation, counter, "\(idle.words) expects \(expected)")]
  }

  private var changedHeaders: [Cause] {
    incomingAssociations.filter { $0.proto == .ah && refused($0).integrityFailed > 0 }.map {
      cause(.changedAH, "\($0.words) is AH and refused \(refused($0).integrityFailed) packets")
    }
  }

  /// What tells that something is wrong, but not what.
  var symptoms: [Cause] {
    var causes = incomingAssociations.filter { refused($0).integrityFailed > 0 }.map {
      cause(.integrity, "\($0.words) refused \(refused($0).integrityFailed) packets")
    }
    for (counter, count) in raised.sorted(by: { $0.key < $1.key }) {
      let id: CauseID =
        switch counter {
        case "XfrmInTmplMismatch": .clearArrives
        case "XfrmInNoStates": .spiNotHere
        default: .counter
        }
      // Packets that are too long are told so, and sent again shorter.
      guard counter != "XfrmOutStateModeError" else { continue }
      causes.append(
        cause(id, "\(counter) rose by \(count): \(ErrorCounters.meaning(of: counter))"))
    }
    return causes
  }
}
