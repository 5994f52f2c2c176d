internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What few SAs have.
  mutating func takeRare(
    _ word: String, _ draft: inout AssociationDraft
  ) throws(SyntaxError) -> Bool {
    switch word {
    case "encap":
      // iproute2 sends both, of which the kernel heeds the last.
      guard !isStrict || draft.association.encapsulation == nil else { throw duplicate(word) }
      draft.association.encapsulation = try encapsulation()
    case "coa":
      guard draft.association.careOfAddress == nil else { throw duplicate(word) }
      draft.association.careOfAddress = try careOfAddress()
    case "ctx":
      guard draft.association.securityContext == nil else { throw duplicate(word) }
      draft.association.securityContext = try securityContext()
    case "offload":
      let (offload, direction) = try associationOffload()
      draft.association.offload = offload
      try set(direction, in: &draft)
    case "tfcpad":
      let bytes: UInt32 = try number(after: word)
      draft.association.trafficFlowPadding = bytes == 0 ? nil : bytes
    case "pcpu-num":
      let cpu: UInt32 = try number(after: word)
      draft.association.cpu = cpu == .max ? nil : cpu
    default: return isNative ? try takeNative(word, &draft) : false
    }
    return true
  }

  /// Notes a direction, which `dir` and `offload` both tell. iproute2 believes the last.
  func set(
    _ direction: SecurityAssociation.Direction, in draft: inout AssociationDraft
  ) throws(SyntaxError) {
    if isStrict, let before = draft.association.direction, before != direction {
      throw wrong("it was said to be \(before)", expected: "\(before)")
    }
    draft.association.direction = direction
  }

  private mutating func careOfAddress() throws(SyntaxError) -> IPAddress {
    guard let prefix = try prefix(of: preferredFamily) else {
      throw wrong(
        "value after \"coa\" has an unrecognized address family", expected: "an address")
    }
    return prefix.address
  }

  /// What iproute2 has no words for. Times are in the units that the kernel counts in.
  private mutating func takeNative(
    _ word: String, _ draft: inout AssociationDraft
  ) throws(SyntaxError) -> Bool {
    switch word {
    // Microseconds, packets, microseconds, bytes, bytes.
    case "iptfs-drop-time": draft.association.iptfs.dropTimeMicroseconds = try number(after: word)
    case "iptfs-reorder-window": draft.association.iptfs.reorderWindow = try number(after: word)
    case "iptfs-dont-frag": draft.association.iptfs.dontFragment = true
    case "iptfs-init-delay":
      draft.association.iptfs.initialDelayMicroseconds = try number(after: word)
    case "iptfs-max-queue-size": draft.association.iptfs.queueBytes = try number(after: word)
    case "iptfs-packet-size": draft.association.iptfs.packetBytes = try number(after: word)
    // Seconds.
    case "nat-keepalive": draft.association.natKeepaliveSeconds = try number(after: word)
    case "mapping-threshold":
      draft.association.mappingThresholdSeconds = try number(after: word)
    // Packets, and the kernel's ticks.
    case "replay-threshold": draft.association.checkpointPackets = try number(after: word)
    case "timer-threshold": draft.association.checkpointJiffies = try number(after: word)
    default: return false
    }
    return true
  }
}
