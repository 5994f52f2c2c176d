internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// Puts together what was said, and refuses what iproute2 refuses before it asks the kernel.
  func finish(_ draft: AssociationDraft) throws(SyntaxError) -> SecurityAssociation {
    var association = draft.association
    try check(draft.replay, of: association)
    guard draft.hasIdentity else { throw impossible("Not enough information: ID is required") }
    if draft.family == .unspecified {
      association.source = .unspecified(.ipv4)
      association.destination = .unspecified(.ipv4)
    }
    if draft.replay.isExtended(association.flags) {
      association.extendedReplayState = draft.replay.extended
    } else {
      association.replayState = draft.replay.simple
      association.replayWindow = UInt8(draft.replay.window)
    }
    if association.extraFlags == [] { association.extraFlags = nil }
    try checkMode(of: association)
    try checkAlgorithms(of: association)
    try checkMobility(of: association)
    return association
  }

  private func check(
    _ replay: ReplayNumbers, of association: SecurityAssociation
  ) throws(SyntaxError) {
    if association.flags.contains(.extendedSequenceNumbers), replay.window == 0,
      association.direction != .outgoing
    {
      throw SyntaxError("Error: esn flag set without replay-window.", exitStatus: 255)
    }
    if replay.window > ReplayNumbers.widest {
      throw SyntaxError(
        "Error: replay-window (\(replay.window)) > XFRMA_REPLAY_ESN_MAX (\(ReplayNumbers.widest)).",
        exitStatus: 255)
    }
    if isStrict, replay.incomingHigh | replay.outgoingHigh != 0,
      !replay.isExtended(association.flags)
    {
      throw impossible("replay-seq-hi and replay-oseq-hi need the flag esn")
    }
  }

  private func checkMode(of association: SecurityAssociation) throws(SyntaxError) {
    let (proto, mode) = (association.proto, association.mode)
    let isGood =
      if proto.isIPsec {
        mode == .transport || mode == .tunnel || proto == .esp && (mode == .beet || mode == .iptfs)
      } else {
        true
      }
    if !isGood {
      throw impossible("MODE value is invalid with XFRM-PROTO value \"\(proto.keyword)\"")
    }
  }

  private func checkAlgorithms(of association: SecurityAssociation) throws(SyntaxError) {
    let hasEncryption = association.encryption != nil
    let hasAuthentication = association.authentication != nil
    let hasAEAD = association.aead != nil
    let hasCompression = association.compression != nil
    let proto = association.proto
    let ending = "with XFRM-PROTO value \"\(proto.keyword)\""
    switch proto {
    case .esp:
      if hasCompression { throw impossible("ALGO-TYPE value \"comp\" is invalid \(ending)") }
      guard hasEncryption || hasAEAD else {
        throw impossible("ALGO-TYPE value \"enc\" or \"aead\" is required \(ending)")
      }
    case .ah:
      if hasEncryption || hasAEAD || hasCompression {
        throw impossible("ALGO-TYPE values \"enc\", \"aead\", and \"comp\" are invalid \(ending)")
      }
      guard hasAuthentication else {
        throw impossible("ALGO-TYPE value \"auth\" or \"auth-trunc\" is required \(ending)")
      }
    case .ipComp:
      if hasEncryption || hasAuthentication || hasAEAD {
        throw impossible(
          "ALGO-TYPE values \"enc\", \"auth\", \"auth-trunc\", and \"aead\" are invalid \(ending)")
      }
      guard hasCompression else {
        throw impossible("ALGO-TYPE value \"comp\" is required \(ending)")
      }
    default:
      if hasEncryption || hasAuthentication || hasAEAD || hasCompression {
        throw impossible("ALGO is invalid \(ending)")
      }
    }
  }

  private func checkMobility(of association: SecurityAssociation) throws(SyntaxError) {
    let ending = "with XFRM-PROTO value \"\(association.proto.keyword)\""
    guard association.proto.isMobility else {
      if association.careOfAddress != nil { throw impossible("\"coa\" is invalid \(ending)") }
      return
    }
    switch association.mode {
    case .routeOptimization, .inTrigger: break
    case .transport: throw impossible("\"mode\" is required \(ending)")
    default: throw impossible("MODE value is invalid \(ending)")
    }
    guard let careOf = association.careOfAddress else {
      throw impossible("\"coa\" is required \(ending)")
    }
    if careOf.family != association.family {
      throw impossible("\"coa\" is of another address family than \"src\" and \"dst\"")
    }
  }
}
