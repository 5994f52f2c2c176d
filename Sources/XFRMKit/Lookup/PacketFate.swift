/// What becomes of a packet by the databases.
public enum PacketFate: Hashable, Sendable {
  /// It goes on as it is.
  case clear
  /// It is let in if it came in clear; what came out of a tunnel is dropped.
  case clearOnly
  /// It leaves through these SAs, the innermost first.
  case protected([SecurityAssociationID])
  /// It is let in only if it came through SAs as these templates ask, the innermost first.
  case needsProtection([Template])
  /// It goes no further.
  case dropped(DropReason)
}

/// Why a packet goes no further.
public enum DropReason: Hashable, Sendable {
  /// The policy says so.
  case blockingPolicy
  /// No policy is for it, and the default action says so.
  case defaultAction
  /// There is no SA as the template asks.
  case noAssociation(Template)
  /// Somebody was asked for one, and has not answered yet.
  case awaitsAssociation(Template)
  /// The SA is marked as one for packets that come in.
  case wrongDirection(SecurityAssociationID)
  /// The policies have six templates or more together.
  case tooManyTemplates
}
