internal import XFRMKit

extension AssociationEntry.Protection {
  /// The kernel's names of the algorithms.
  var names: [String] {
    switch self {
    case .esp(let proposal): proposal.algorithms.map(\.name)
    case .ah(let hash, _): [hash.name]
    case .ipComp(let compression): [compression.name]
    }
  }

  /// The length of the value that a packet is checked by; `nil` for what checks none.
  var checkBits: UInt32? {
    switch self {
    case .esp(let proposal):
      switch proposal.transforms {
      case .aead(_, _, let bits): bits
      case .encryptionAndAuthentication(_, _, _, let bits): bits
      }
    case .ah(_, let bits): bits
    case .ipComp: nil
    }
  }
}

extension SecurityAssociation {
  var algorithmNames: [String] {
    [aead?.name, encryption?.name, authentication?.name, compression?.name].compactMap { $0 }
  }

  var checkBits: UInt32? { aead?.checkBits ?? authentication?.truncationBits }

  /// The mark that packets leave with, and which bits of theirs it sets.
  var outgoingMark: Mark? { outputMark.map { Mark($0, mask: outputMarkMask ?? .max) } }

  private var window: UInt32 { extendedReplayState?.window ?? UInt32(replayWindow) }

  /// What of this is not so in the kernel and stays as it is there: an update heeds it in no way, or
  /// is refused for it.
  func fixedDifferences(from present: SecurityAssociation) -> [String] {
    var fixed: [String] = []
    if source != present.source { fixed.append("source") }
    if mode != present.mode { fixed.append("mode") }
    if requestID != present.requestID { fixed.append("request ID") }
    if window != present.window { fixed.append("replay window") }
    // The kernel sets one by itself, where a setting says so.
    let others = present.flags.subtracting(flags).subtracting(.noPathMTUDiscovery)
    let different = flags.subtracting(present.flags).union(others)
    if different.contains(.extendedSequenceNumbers) { fixed.append("extended sequence numbers") }
    if !different.subtracting(.extendedSequenceNumbers).isEmpty
      || extraFlags ?? [] != present.extraFlags ?? []
    {
      fixed.append("flags")
    }
    if trafficFlowPadding ?? 0 != present.trafficFlowPadding ?? 0 { fixed.append("padding") }
    if encapsulation?.kind != present.encapsulation?.kind { fixed.append("encapsulation") }
    // None is not heeded.
    if outgoingMark == nil, present.outgoingMark != nil { fixed.append("output mark") }
    if interfaceID ?? 0 == 0, present.interfaceID ?? 0 != 0 { fixed.append("interface ID") }
    return fixed
  }
}
