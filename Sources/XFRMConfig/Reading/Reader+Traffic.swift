internal import XFRMKit

extension Reader {
  /// A traffic selector with prefixes.
  mutating func trafficSelector(_ node: YAMLNode) -> TrafficSelector? {
    guard let local = node.prefix("local-prefix"), let remote = node.prefix("remote-prefix") else {
      return nil
    }
    guard local.family == remote.family else {
      diagnostics.error(
        node.span("remote-prefix"),
        "\(remote) is \(remote.family), and local-prefix \(local.family)",
        help: "make two entries, one for each family")
      return nil
    }
    checkHostBits(local, node.span("local-prefix"))
    checkHostBits(remote, node.span("remote-prefix"))
    return traffic(node, local, remote)
  }

  /// What a section says of protocol and ports.
  mutating func traffic(_ node: YAMLNode, _ local: IPPrefix, _ remote: IPPrefix) -> TrafficSelector
  {
    let proto = node.text("inner-protocol").flatMap { ProtocolNames.parse($0) } ?? .any
    var selector = TrafficSelector(
      local: local, remote: remote, proto: proto, localPorts: ports(node, "local-ports"),
      remotePorts: ports(node, "remote-ports"))
    for key in ["local-ports", "remote-ports"] where node[key] != nil {
      if !ProtocolNames.hasPorts(proto) {
        diagnostics.error(
          node.span(key),
          proto == .any
            ? "ports are those of a protocol" : "\(ProtocolNames.name(proto)) has no ports",
          help: "set inner-protocol: tcp, udp, sctp, dccp or udplite")
      }
    }
    let isICMP = proto == .icmp || proto == .icmpv6
    for key in ["icmp-type", "icmp-code"] where node[key] != nil && !isICMP {
      diagnostics.error(
        node.span(key), "\(ProtocolNames.name(proto)) has no “\(key)”",
        help: "set inner-protocol: icmp or icmpv6")
    }
    let type: UInt8? = node.number("icmp-type")
    let code: UInt8? = node.number("icmp-code")
    if let type, isICMP { selector.icmp = ICMPSelector(type: type, code: code) }
    if type == nil, code != nil, isICMP {
      diagnostics.error(
        node.span("icmp-code"), "a code means nothing without a type", help: "set icmp-type")
    }
    if selector.selectorCount > Self.mostSelectors {
      let key = node["remote-ports"] == nil ? "local-ports" : "remote-ports"
      diagnostics.error(
        node.span(key), "these ports take \(selector.selectorCount) policies in each direction",
        help:
          "at most \(Self.mostSelectors): ranges that begin and end at multiples of a power of two "
          + "take fewest")
    }
    return selector
  }

  /// For one entry and direction. Two ranges of any ports take up to 30 × 30.
  static let mostSelectors = 1024

  private mutating func ports(_ node: YAMLNode, _ key: String) -> [ClosedRange<UInt16>] {
    node.list(key).compactMap { element in
      if let text = element.text { return Numbers.ports(text) }
      guard let start: UInt16 = element.number("start") else { return nil }
      let end = element.number("end") ?? start
      guard start <= end else {
        diagnostics.error(
          element.span("end"), "a range of ports ends at \(end), before it begins at \(start)",
          help: "exchange them")
        return nil
      }
      return start...end
    }
  }

  /// The kernel would keep them, and take two policies for different that match the same.
  mutating func checkHostBits(_ prefix: IPPrefix, _ span: SourceSpan) {
    checkMapped(prefix, span)
    guard prefix.hasHostBits else { return }
    diagnostics.error(
      span, "\(prefix) has bits behind its length",
      help: "did you mean \(prefix.network), or the one address \(IPPrefix(prefix.address))?")
  }

  /// No packet has an IPv4 address in IPv6's form: it is for programs.
  mutating func checkMapped(_ prefix: IPPrefix, _ span: SourceSpan) {
    guard case .v6(0, let low) = prefix.address, low >> 32 == 0xffff, prefix.length >= 96 else {
      return
    }
    let address = IPAddress.v4(UInt32(truncatingIfNeeded: low))
    let isOne = prefix.length == prefix.address.bitWidth
    let meant = isOne ? "\(address)" : "\(IPPrefix(address, length: prefix.length - 96))"
    diagnostics.error(
      span,
      "\(isOne ? "\(prefix.address)" : "\(prefix)") is IPv4 in the form of IPv6, and no packet has it",
      help: "write \(meant)")
  }
}
