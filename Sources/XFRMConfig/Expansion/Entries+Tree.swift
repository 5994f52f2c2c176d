internal import XFRMKit

extension SPDEntry {
  /// In the words of a configuration.
  var tree: YAMLNode {
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
  /// In the words of a configuration, with its part and generation behind its name.
  var tree: YAMLNode { tree(named: "\(entry.name)") }

  /// In the words of a configuration.
  ///
  /// - Parameter name: What it is called.
  func tree(named name: String) -> YAMLNode {
    let value = entry.association
    let isOutbound = direction == .outbound
    let (local, remote) =
      isOutbound
      ? (value.source, value.destination) : (value.destination, value.source)
    let flags = value.extraFlags ?? []
    let ends = YAMLNode([
      ("local", YAMLNode("\(local)")), ("remote", YAMLNode("\(remote)")),
      ("df-bit", value.flags.contains(.noPathMTUDiscovery) ? YAMLNode("clear") : nil),
      ("bypass-dscp", flags.contains(.dontEncapsulateDSCP) ? YAMLNode(false) : nil),
    ])
    // IPComp has no sequence numbers.
    let isNumbered = value.proto != .ipComp
    let hosts = YAMLNode([
      ("local-prefix", YAMLNode("\(local)")), ("remote-prefix", YAMLNode("\(remote)")),
    ])
    let hasEnds = value.mode.hasOuterAddresses
    return YAMLNode([
      ("name", YAMLNode(name)),
      ("direction", YAMLNode(direction.rawValue)),
      ("reqid", YAMLNode(value.requestID)),
      ("spi", YAMLNode(entry.name.generation == 0 ? "pending" : "\(value.spi)")),
      ("mode", YAMLNode(value.mode.word)),
      ("protocol-parameters", YAMLNode(value.proto.word)),
      ("traffic-selector", hasEnds ? nil : hosts),
      ("tunnel", hasEnds ? ends : nil),
      protection,
      (
        "ext-seq-num",
        isNumbered ? YAMLNode(value.flags.contains(.extendedSequenceNumbers)) : nil
      ),
      (
        "anti-replay-window-size",
        isNumbered
          ? YAMLNode(value.extendedReplayState?.window ?? UInt32(value.replayWindow)) : nil
      ),
      ("seq-overflow", flags.contains(.sequenceMayWrap) ? YAMLNode(true) : nil),
      ("sa-lifetime-hard", value.lifetime.hard.tree),
      ("sa-lifetime-soft", value.lifetime.soft.tree),
      ("encapsulation-type", value.encapsulation.map { tree($0) }),
      ("tfc-pad", value.trafficFlowPadding.map { YAMLNode($0) }),
      ("mark", value.mark.map { YAMLNode("\($0)") }),
      (
        "output-mark",
        value.outputMark.map { YAMLNode("\(Mark($0, mask: value.outputMarkMask ?? .max))") }
      ),
      ("if-id", value.interfaceID.map { YAMLNode($0) }),
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
        YAMLNode([
          (
            "integrity-algorithm",
            YAMLNode(Transforms.name(of: hash, bits) ?? "\(hash.name) \(bits)")
          ),
          ("key", key),
        ])
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
