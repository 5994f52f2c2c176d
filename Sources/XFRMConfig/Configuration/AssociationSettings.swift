public import XFRMKit

/// What an SA has besides its ends, its algorithms and its key.
public struct AssociationSettings: Hashable, Sendable {
  /// `nil` for what is usual: extended.
  public var extendedSequenceNumbers: Bool?
  /// In packets.
  public var replayWindow: UInt32 = 64
  public var sequenceMayWrap = false
  public var lifetime = Lifetime()
  public var encapsulation: Encapsulation?
  /// Clear the outer header's DF bit instead of copying it.
  public var clearsDontFragment = false
  /// Copy the inner header's DSCP into the outer one.
  public var copiesDSCP = true
  /// Bytes to pad packets to.
  public var trafficFlowPadding: UInt32?
  public var mark: Mark?
  /// What packets are marked with behind the SA, whichever way they go.
  public var outputMark: Mark?
  public var interfaceID: UInt32?

  /// What is usual.
  public init() {}

  /// Gives an SA all of it.
  ///
  /// - Parameter direction: Which way its packets go, on which the ports of an encapsulation depend.
  func apply(to association: inout SecurityAssociation, _ direction: SPDEntry.Direction) {
    let isOutbound = direction == .outbound
    if extendedSequenceNumbers ?? (association.proto != .ipComp) {
      association.flags.insert(.extendedSequenceNumbers)
      association.extendedReplayState = ExtendedReplayState(window: replayWindow)
    } else if association.proto != .ipComp, replayWindow > 32 {
      association.extendedReplayState = ExtendedReplayState(window: replayWindow)
    } else if association.proto != .ipComp {
      association.replayWindow = UInt8(clamping: replayWindow)
    }
    if clearsDontFragment { association.flags.insert(.noPathMTUDiscovery) }
    var extra = SecurityAssociation.ExtraFlags()
    if sequenceMayWrap { extra.insert(.sequenceMayWrap) }
    if !copiesDSCP { extra.insert(.dontEncapsulateDSCP) }
    if !extra.isEmpty { association.extraFlags = extra }
    association.lifetime = lifetime
    association.trafficFlowPadding = isOutbound ? trafficFlowPadding : nil
    association.mark = mark
    association.outputMark = outputMark?.value
    association.outputMarkMask = outputMark.flatMap { $0.mask == .max ? nil : $0.mask }
    association.interfaceID = interfaceID
    guard var encapsulation else { return }
    if !isOutbound {
      swap(&encapsulation.sourcePort, &encapsulation.destinationPort)
    }
    association.encapsulation = encapsulation
  }
}
