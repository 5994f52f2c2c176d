internal import XFRMKit

extension Reader {
  /// An entry of the SPD; `nil` if too little of it is there.
  mutating func policy(_ node: YAMLNode) -> SPDEntry? {
    guard let name = node.text("name"), let direction: SPDEntry.Direction = node.word("direction"),
      let section = node["traffic-selector"], let selector = trafficSelector(section)
    else { return nil }
    let processing = node["processing-info"]
    if processing?.isUnusable == true || processing?["action"]?.isUnusable == true { return nil }
    let action: SPDEntry.Action = processing?.word("action") ?? .discard
    var entry = SPDEntry(name, at: node.nameSpan, direction, selector, action)
    entry.protections = processing?.list("ipsec-sa-cfg").map { protection($0, selector) } ?? []
    entry.isGuarded = action == .protect && node.flag("strict") ?? isStrict
    entry.mark = mark(node, "mark")
    entry.interfaceID = node.number("if-id")
    entry.requestID = node.number("reqid") ?? 0
    let isTransport =
      action == .protect && entry.protections.allSatisfy { !$0.mode.hasOuterAddresses }
    let rule: ForwardRule = node.word("forward") ?? .auto
    entry.forwards = direction == .inbound && (rule == .yes || rule == .auto && !isTransport)
    check(entry, node)
    return entry
  }

  private mutating func check(_ entry: SPDEntry, _ node: YAMLNode) {
    if node["forward"] != nil, entry.direction == .outbound {
      diagnostics.error(
        node.span("forward"), "what leaves a host is outbound, forwarded or not",
        help: "forward is for inbound entries; remove it")
    }
    let processing = node["processing-info"]
    guard entry.action == .protect else {
      if let section = processing?["ipsec-sa-cfg"] {
        diagnostics.error(
          section.span, "\(entry.action.rawValue) needs no SA", help: "set action: protect")
      }
      if node["reqid"] != nil {
        diagnostics.error(
          node.span("reqid"), "\(entry.action.rawValue) needs no SA", help: "remove it")
      }
      return
    }
    if entry.protections.isEmpty {
      diagnostics.error(
        processing?.span("action") ?? node.place, "“ipsec-sa-cfg” is missing",
        help: "how packets are protected: mode, tunnel, …")
    }
    if entry.requestID == 0, node["reqid"] == nil {
      diagnostics.error(
        node.nameSpan, "“reqid” is missing: which SAs protect it?",
        help: "a number that they have, too")
    }
    if entry.protections.count > Self.mostTemplates {
      diagnostics.error(
        processing?.span("ipsec-sa-cfg") ?? node.place,
        "the kernel drops what goes through more than \(Self.mostTemplates) SAs", help: "use fewer")
    }
  }

  /// The kernel stores one more, but drops what meets it.
  private static let mostTemplates = 5

  private mutating func protection(
    _ node: YAMLNode, _ selector: TrafficSelector
  ) -> SPDEntry.Protection {
    var protection = SPDEntry.Protection()
    protection.proto = proto(node)
    protection.mode = mode(node, .transport)
    protection.isOptional = node.text("level") == "use"
    protection.extendedSequenceNumbers = node.flag("ext-seq-num")
    protection.sequenceMayWrap = node.flag("seq-overflow")
    protection.replayWindow = node.number("anti-replay-window-size")
    if let algorithms = node["esp-algorithms"] { protection.proposals = proposals(algorithms) }
    if protection.isOptional, protection.proto != .ipComp {
      diagnostics.error(
        node.span("level"), "without an SA packets would pass in clear",
        help: "use is for ipcomp, which leaves small packets alone")
    }
    if protection.proto != .esp, node["esp-algorithms"] != nil {
      diagnostics.error(
        node.span("esp-algorithms"), "these are for esp",
        help: "remove them, or set protocol-parameters: esp")
    }
    protection.ends = ends(node, protection.mode)
    if protection.mode.hasOuterAddresses { return protection }
    if !protection.mode.hasOuterAddresses, let ends = protection.ends,
      ends.local.family != selector.local.family
    {
      diagnostics.error(node.place, "transport mode is within one family", help: nil)
    }
    return protection
  }

  func proto(_ node: YAMLNode) -> IPProtocol {
    switch node.text("protocol-parameters") {
    case "ah": .ah
    case "ipcomp": .ipComp
    default: .esp
    }
  }

  /// The ends of a tunnel; those of transport mode are the packet's.
  mutating func ends(_ node: YAMLNode, _ mode: Mode) -> (local: IPAddress, remote: IPAddress)? {
    guard let tunnel = node["tunnel"] else {
      if mode.hasOuterAddresses {
        diagnostics.error(
          node.place, "“tunnel” is missing: \(mode) mode has ends",
          help: "tunnel: {local: …, remote: …}")
      }
      return nil
    }
    guard mode.hasOuterAddresses else {
      diagnostics.error(
        tunnel.span, "transport mode has no tunnel", help: "remove it, or set mode: tunnel")
      return nil
    }
    guard let local = tunnel.address("local"), let remote = tunnel.address("remote") else {
      return nil
    }
    guard local.family == remote.family else {
      diagnostics.error(
        tunnel.span("remote"), "\(remote) is \(remote.family), and local \(local.family)",
        help: "both ends of an SA are of one family")
      return nil
    }
    for (key, address) in [("local", local), ("remote", remote)]
    where address.isUnspecified || address.isMulticast {
      diagnostics.error(
        tunnel.span(key), "\(address) is no address of one host",
        help: "a tunnel leads to one address")
    }
    checkMapped(IPPrefix(local), tunnel.span("local"))
    checkMapped(IPPrefix(remote), tunnel.span("remote"))
    return (local, remote)
  }

  // MARK: Algorithms

  /// Every proposal that an entry allows.
  private mutating func proposals(_ node: YAMLNode) -> [ESPProposal] {
    let named = node.list("proposals").compactMap { $0.text.flatMap { ESPProposal(named: $0) } }
    let hashes = node.list("integrity").compactMap { $0.text.flatMap { Transforms.integrity($0) } }
    var combined: [ESPProposal] = []
    for choice in node.list("encryption") {
      guard let cipher = choice.text("algorithm-type").flatMap({ Transforms.encryption($0) }) else {
        continue
      }
      let keyBits: UInt64? = choice.number("key-length")
      let found = ([nil] + hashes.map { $0 }).compactMap {
        Transforms.proposal(cipher, keyBits: keyBits, $0)
      }
      if found.isEmpty {
        diagnostics.error(
          choice.span("algorithm-type"), Self.noProposal(cipher, keyBits, hashes.first),
          help: "key-length is in bits; what does not authenticate needs integrity")
      }
      combined += found
    }
    return named + combined
  }

  static func noProposal(
    _ cipher: Transforms.Transform, _ keyBits: UInt64?, _ hash: Transforms.Transform?
  ) -> String {
    let length = keyBits.map { " with a key of \($0) bits" } ?? " without a length of key"
    return "\(cipher.name)\(length)" + (hash.map { " and \($0.name)" } ?? "") + " makes no proposal"
  }
}
