internal import XFRMKit

extension Expansion {
  /// The entries, in the words of RFC 9061, and the kernel's objects.
  public var tree: YAMLNode {
    let kernel = YAMLNode([
      ("namespace", state.namespace.map { YAMLNode($0) }),
      ("policies", list(state.policies) { $0.tree }),
      ("associations", list(state.associations) { $0.kernelTree }),
      ("interfaces", list(state.interfaces) { $0.tree }),
      ("routes", list(state.routes) { $0.tree }),
      ("settings", list(state.settings) { YAMLNode("\($0.name) = \($0.value)") }),
      ("default-actions", state.defaultActions.map { YAMLNode("\($0.outgoing)") }),
    ])
    return YAMLNode([
      ("watermarks", list(state.watermarks) { YAMLNode($0) }),
      ("spd", list(policies) { $0.tree }),
      ("sad", list(associations) { $0.tree }),
      ("kernel", kernel),
    ])
  }

  private func list<T>(_ values: [T], _ tree: (T) -> YAMLNode) -> YAMLNode? {
    values.isEmpty ? nil : YAMLNode(values.map(tree))
  }
}

// MARK: - Entries

extension SPDEntry {
  fileprivate var tree: YAMLNode {
    let part = (purpose.isEmpty ? "" : "\(purpose)-") + direction.rawValue
    let number = ordinal > 1 ? ".\(ordinal)" : ""
    return YAMLNode([
      (
        "name",
        YAMLNode(
          isOfConnection ? "\(name)/\(part)\(number)" : name)
      ),
      ("direction", YAMLNode(direction.rawValue)),
      ("reqid", requestID == 0 ? nil : YAMLNode(requestID)),
      ("traffic-selector", selector.tree),
      ("processing-info", processing),
      ("forward", direction == .inbound ? YAMLNode(forwards ? "yes" : "no") : nil),
      ("strict", action == .protect ? YAMLNode(isGuarded) : nil),
      ("mark", mark.map { YAMLNode("\($0)") }),
      ("if-id", interfaceID.map { YAMLNode($0) }),
    ])
  }

  private var processing: YAMLNode {
    let trees = protections.map(\.tree)
    return YAMLNode([
      ("action", YAMLNode(action.rawValue)),
      ("ipsec-sa-cfg", trees.count > 1 ? YAMLNode(trees) : trees.first),
    ])
  }
}

extension SPDEntry.Protection {
  fileprivate var tree: YAMLNode {
    YAMLNode([
      ("protocol-parameters", YAMLNode(proto.word)),
      ("mode", YAMLNode(mode.word)),
      ("level", isOptional ? YAMLNode("use") : nil),
      (
        "tunnel",
        ends.map {
          YAMLNode([("local", YAMLNode("\($0.local)")), ("remote", YAMLNode("\($0.remote)"))])
        }
      ),
      ("ext-seq-num", extendedSequenceNumbers.map { YAMLNode($0) }),
      ("seq-overflow", sequenceMayWrap.map { YAMLNode($0) }),
      ("anti-replay-window-size", replayWindow.map { YAMLNode($0) }),
      (
        "esp-algorithms",
        proposals.isEmpty
          ? nil : YAMLNode([("proposals", YAMLNode(proposals.map { YAMLNode($0.name) }))])
      ),
    ])
  }
}

extension TrafficSelector {
  fileprivate var tree: YAMLNode {
    YAMLNode([
      ("local-prefix", YAMLNode("\(local)")),
      ("remote-prefix", YAMLNode("\(remote)")),
      ("inner-protocol", YAMLNode(ProtocolNames.name(proto))),
      ("local-ports", ports(localPorts)),
      ("remote-ports", ports(remotePorts)),
      ("icmp-type", icmp.map { YAMLNode($0.type) }),
      ("icmp-code", icmp?.code.map { YAMLNode($0) }),
    ])
  }

  private func ports(_ ranges: [ClosedRange<UInt16>]) -> YAMLNode? {
    guard !ranges.isEmpty else { return nil }
    return YAMLNode(
      ranges.merged.map {
        YAMLNode($0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)")
      })
  }
}

extension SADEntry {
  fileprivate var tree: YAMLNode {
    let value = entry.association
    let isOutbound = direction == .outbound
    let (local, remote) =
      isOutbound
      ? (value.source, value.destination) : (value.destination, value.source)
    let ends = YAMLNode([("local", YAMLNode("\(local)")), ("remote", YAMLNode("\(remote)"))])
    let hosts = YAMLNode([
      ("local-prefix", YAMLNode("\(local)")), ("remote-prefix", YAMLNode("\(remote)")),
    ])
    let hasEnds = value.mode.hasOuterAddresses
    return YAMLNode([
      ("name", YAMLNode("\(entry.name)")),
      ("direction", YAMLNode(direction.rawValue)),
      ("reqid", YAMLNode(value.requestID)),
      ("spi", YAMLNode(entry.name.generation == 0 ? "pending" : "\(value.spi)")),
      ("mode", YAMLNode(value.mode.word)),
      ("protocol-parameters", YAMLNode(value.proto.word)),
      ("traffic-selector", hasEnds ? nil : hosts),
      ("tunnel", hasEnds ? ends : nil),
      protection,
      ("ext-seq-num", YAMLNode(value.flags.contains(.extendedSequenceNumbers))),
      (
        "anti-replay-window-size",
        YAMLNode(value.extendedReplayState?.window ?? UInt32(value.replayWindow))
      ),
      ("sa-lifetime-hard", value.lifetime.hard.tree),
      ("sa-lifetime-soft", value.lifetime.soft.tree),
      ("encapsulation-type", value.encapsulation.map { tree($0) }),
      ("tfc-pad", value.trafficFlowPadding.map { YAMLNode($0) }),
      ("mark", value.mark.map { YAMLNode("\($0)") }),
      ("output-mark", value.outputMark.map { YAMLNode("0x\(String($0, radix: 16))") }),
    ])
  }

  private var protection: (String, YAMLNode?) {
    let key = entry.key.map { YAMLNode("\($0)") }
    return switch entry.protection {
    case .esp(let proposal):
      ("esp-sa", YAMLNode([("proposal", YAMLNode(proposal.name)), ("key", key)]))
    case .ah(let hash, let bits):
      (
        "ah-sa",
        YAMLNode([("integrity-algorithm", YAMLNode("\(hash.name) \(bits)")), ("key", key)])
      )
    case .ipComp(let algorithm):
      ("ipcomp-sa", YAMLNode([("compression-algorithm", YAMLNode(algorithm.name))]))
    }
  }

  /// Ports as this end has them.
  private func tree(_ value: Encapsulation) -> YAMLNode {
    let isOutbound = direction == .outbound
    return YAMLNode([
      ("espencap", YAMLNode(value.kind == .espInUDP ? "espinudp" : "espintcp")),
      ("sport", YAMLNode(isOutbound ? value.sourcePort : value.destinationPort)),
      ("dport", YAMLNode(isOutbound ? value.destinationPort : value.sourcePort)),
      ("oaddr", value.originalAddress.map { YAMLNode("\($0)") }),
    ])
  }
}

extension Lifetime.Limits {
  fileprivate var tree: YAMLNode? {
    guard self != Lifetime.Limits() else { return nil }
    return YAMLNode([
      ("time", secondsFromAdd == 0 ? nil : YAMLNode(secondsFromAdd)),
      ("bytes", bytes == Lifetime.unlimited ? nil : YAMLNode(bytes)),
      ("packets", packets == Lifetime.unlimited ? nil : YAMLNode(packets)),
    ])
  }
}
