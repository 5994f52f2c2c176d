internal import Netlink
internal import XFRMKit

/// An SA while its words are read: some of them mean something only together with others.
struct AssociationDraft {
  var association = SecurityAssociation(
    from: .v4(0), to: .v4(0), spi: 0, proto: .any, mode: .transport)
  var family: AddressFamily
  var hasIdentity = false
  var hasSelector = false
  var replay = ReplayNumbers()
  var hasAuthentication: Bool { association.authentication != nil }

  init(family: AddressFamily) { self.family = family }

  mutating func take(_ identity: Identity) {
    hasIdentity = true
    family = identity.family ?? family
    association.source = identity.source?.address ?? .unspecified(family)
    association.destination = identity.destination?.address ?? .unspecified(family)
    association.proto = identity.proto ?? .any
    association.spi = identity.spi ?? 0
  }
}

/// Where a replay window stands, and how wide it is.
struct ReplayNumbers {
  var window: UInt32 = 0
  var incoming: UInt32 = 0
  var outgoing: UInt32 = 0
  var incomingHigh: UInt32 = 0
  var outgoingHigh: UInt32 = 0

  /// The widest window that kernels take, in packets.
  static let widest: UInt32 = 4096

  /// Whether it needs the larger of the kernel's two structures.
  func isExtended(_ flags: SecurityAssociation.Flags) -> Bool {
    flags.contains(.extendedSequenceNumbers) || window > 32
  }

  var extended: ExtendedReplayState {
    var state = ExtendedReplayState(window: window)
    state.incomingSequence = UInt64(incomingHigh) << 32 | UInt64(incoming)
    state.outgoingSequence = UInt64(outgoingHigh) << 32 | UInt64(outgoing)
    return state
  }

  /// `nil` where it says nothing.
  var simple: ReplayState? {
    guard incoming | outgoing != 0 else { return nil }
    var state = ReplayState()
    state.incomingSequence = incoming
    state.outgoingSequence = outgoing
    return state
  }
}
