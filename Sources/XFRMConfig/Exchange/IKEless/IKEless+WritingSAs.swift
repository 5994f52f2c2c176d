internal import XFRMKit

extension IKEless {
  /// An entry of the SAD.
  ///
  /// - Parameters:
  ///   - name: What it is called.
  ///   - policies: Those that it protects: an SA in tunnel mode carries what they are for.
  static func tree(_ entry: SADEntry, _ name: String, _ policies: [SPDEntry]) -> YAMLNode {
    let value = entry.entry.association
    let config = YAMLNode([
      ("spi", YAMLNode(value.spi.rawValue)),
      ("ext-seq-num", YAMLNode(value.flags.contains(.extendedSequenceNumbers))),
      ("seq-overflow", YAMLNode(value.extraFlags?.contains(.sequenceMayWrap) ?? false)),
      (
        "anti-replay-window-size",
        YAMLNode(value.extendedReplayState?.window ?? UInt32(value.replayWindow))
      ),
      ("traffic-selector", tree(selector(entry, policies))),
      ("protocol-parameters", YAMLNode("esp")),
      ("mode", YAMLNode(value.mode.word)),
      ("esp-sa", protection(entry.entry)),
      ("sa-lifetime-hard", tree(value.lifetime.hard)),
      ("sa-lifetime-soft", tree(value.lifetime.soft, action: "terminate-hold")),
      ("tunnel", value.mode.hasOuterAddresses ? tunnel(value) : nil),
      ("encapsulation-type", value.encapsulation.map { tree($0) }),
    ])
    return YAMLNode([
      ("name", YAMLNode(text: name)),
      ("reqid", long(value.requestID)),
      ("ipsec-sa-config", config),
    ])
  }

  private static func selector(_ entry: SADEntry, _ policies: [SPDEntry]) -> TrafficSelector {
    let value = entry.entry.association
    guard value.mode.hasOuterAddresses else {
      return TrafficSelector(local: IPPrefix(value.source), remote: IPPrefix(value.destination))
    }
    guard policies.count == 1, var selector = policies.first?.selector else {
      let all = IPPrefix.any(policies.first?.selector.local.family ?? value.family)
      return TrafficSelector(local: all, remote: all)
    }
    if entry.direction == .inbound {
      swap(&selector.local, &selector.remote)
      if selector.icmp == nil { swap(&selector.localPorts, &selector.remotePorts) }
    }
    return selector
  }

  private static func protection(_ entry: AssociationEntry) -> YAMLNode? {
    guard case .esp(let proposal) = entry.protection,
      let transforms = Transforms.numbers(of: proposal)
    else { return nil }
    return YAMLNode([
      (
        "encryption", YAMLNode([("encryption-algorithm", YAMLNode(transforms.encryption))])
      ),
      (
        "integrity",
        transforms.integrity.map { YAMLNode([("integrity-algorithm", YAMLNode($0))]) }
      ),
    ])
  }

  private static func tree(_ limits: Lifetime.Limits, action: String? = nil) -> YAMLNode? {
    guard limits != Lifetime.Limits() else { return nil }
    return YAMLNode([
      (
        "time",
        UInt32(exactly: limits.secondsFromAdd).flatMap { $0 == 0 ? nil : YAMLNode($0) }
      ),
      ("bytes", limits.bytes == Lifetime.unlimited ? nil : long(limits.bytes)),
      ("packets", UInt32(exactly: limits.packets).map { YAMLNode($0) }),
      ("action", action.map { YAMLNode($0) }),
    ])
  }

  private static func tunnel(_ value: SecurityAssociation) -> YAMLNode {
    let hidesDSCP = value.extraFlags?.contains(.dontEncapsulateDSCP) ?? false
    return YAMLNode([
      ("local", YAMLNode("\(value.source)")), ("remote", YAMLNode("\(value.destination)")),
      ("df-bit", YAMLNode(value.flags.contains(.noPathMTUDiscovery) ? "clear" : "copy")),
      ("bypass-dscp", YAMLNode(!hidesDSCP)),
    ])
  }

  private static func tree(_ value: Encapsulation) -> YAMLNode {
    YAMLNode([
      ("espencap", YAMLNode(value.kind == .espInUDP ? "espinudp" : "espintcp")),
      ("sport", YAMLNode(value.sourcePort)), ("dport", YAMLNode(value.destinationPort)),
      ("oaddr", value.originalAddress.map { YAMLNode([YAMLNode("\($0)")]) }),
    ])
  }
}
