internal import XFRMKit

extension Reader {
  /// An entry of the SAD; `nil` if too little of it is there.
  mutating func association(_ node: YAMLNode) -> SADEntry? {
    guard let name = node.text("name"), let direction: SPDEntry.Direction = node.word("direction"),
      let spi = node.spi("spi")
    else { return nil }
    let (proto, mode) = (proto(node), mode(node, .transport))
    var settings = settings(node, of: name, outer: node["tunnel"], proto, mode)
    settings.interfaceID = node.number("if-id")
    let protection = protection(node, of: name, proto, settings)
    guard let ends = mode.hasOuterAddresses ? ends(node, mode) : hosts(node, mode) else {
      return nil
    }
    guard let (protection, key) = protection else { return nil }
    let isOutbound = direction == .outbound
    var association = SecurityAssociation(
      from: isOutbound ? ends.local : ends.remote, to: isOutbound ? ends.remote : ends.local,
      spi: spi, proto: proto, mode: mode)
    association.requestID = node.number("reqid") ?? 0
    settings.apply(to: &association, direction)
    if proto == .ipComp, spi.rawValue > 0xffff {
      diagnostics.error(node.span("spi"), "\(spi) is no CPI", help: "0x100 to 0xffff")
    }
    if mode.hasOuterAddresses { association.flags.insert(.anyFamily) }
    let entry = AssociationEntry(
      ObjectName(name, isOutbound ? "out" : "in"), isOutbound ? .outgoing : .incoming, association,
      protection, key: key)
    return SADEntry(at: node.nameSpan, entry)
  }

  /// The ends of an SA in transport mode, which are those of its traffic.
  private mutating func hosts(
    _ node: YAMLNode, _ mode: Mode
  ) -> (local: IPAddress, remote: IPAddress)? {
    // It complains of a tunnel.
    _ = ends(node, mode)
    guard let section = node["traffic-selector"] else {
      diagnostics.error(
        node.place, "“traffic-selector” is missing: between which hosts is it?",
        help: "local-prefix and remote-prefix, one address each")
      return nil
    }
    guard let selector = trafficSelector(section) else { return nil }
    for (key, prefix) in [("local-prefix", selector.local), ("remote-prefix", selector.remote)]
    where prefix.length != prefix.address.bitWidth {
      diagnostics.error(
        section.span(key), "\(prefix) is more than one address",
        help: "an SA in transport mode is between two hosts")
      return nil
    }
    return (selector.local.address, selector.remote.address)
  }

  // MARK: Algorithms and key

  private mutating func protection(
    _ node: YAMLNode, of name: String, _ proto: IPProtocol, _ settings: AssociationSettings
  ) -> (AssociationEntry.Protection, KeyReference?)? {
    let keys = ["esp-sa": IPProtocol.esp, "ah-sa": .ah, "ipcomp-sa": .ipComp]
    for (key, other) in keys.sorted(by: { $0.key < $1.key })
    where other != proto && node[key] != nil {
      diagnostics.error(
        node.span(key), "this is \(proto)", help: "remove it, or set protocol-parameters")
    }
    switch proto {
    case .ah: return ahProtection(node)
    case .ipComp: return (.ipComp(.deflate), nil)
    default:
      guard let section = required("esp-sa", of: node), let key = keyReference(section),
        let (proposal, span) = proposal(section)
      else { return nil }
      judge(proposal, of: name, at: span, isKeyStatic: key.isStatic, settings)
      return (.esp(proposal), key)
    }
  }

  private mutating func ahProtection(
    _ node: YAMLNode
  ) -> (AssociationEntry.Protection, KeyReference?)? {
    guard let section = required("ah-sa", of: node), let key = keyReference(section),
      let transform = section.text("integrity-algorithm").flatMap({ Transforms.integrity($0) })
    else { return nil }
    let span = section.span("integrity-algorithm")
    guard let (hash, checkBits) = Transforms.hash(transform) else {
      diagnostics.error(span, "AH without a hash protects nothing", help: "use hmac-sha2-256-128")
      return nil
    }
    judge(hash.title, hash.requirement(checkBits: checkBits), at: span)
    return (.ah(hash, checkBits: checkBits), key)
  }

  private mutating func required(_ key: String, of node: YAMLNode) -> YAMLNode? {
    if let section = node[key] { return section }
    diagnostics.error(node.place, "“\(key)” is missing: algorithms and key", help: nil)
    return nil
  }

  private mutating func proposal(_ section: YAMLNode) -> (ESPProposal, SourceSpan)? {
    if let proposal = section.text("proposal").flatMap({ ESPProposal(named: $0) }) {
      for key in ["encryption", "integrity"] where section[key] != nil {
        diagnostics.error(
          section[key]?.place ?? section.place, "“proposal” says that already",
          help: "remove one of them")
      }
      return (proposal, section.span("proposal"))
    }
    guard let encryption = section["encryption"],
      let cipher = encryption.text("encryption-algorithm").flatMap({ Transforms.encryption($0) })
    else {
      if section["proposal"] == nil, section["encryption"] == nil {
        diagnostics.error(
          section.place, "“proposal” is missing", help: "the algorithms: aes256-sha256")
      }
      return nil
    }
    let hash = section["integrity"]?.text("integrity-algorithm").flatMap {
      Transforms.integrity($0)
    }
    let keyBits: UInt64? = encryption.number("key-length")
    let span = encryption.span("encryption-algorithm")
    guard let proposal = Transforms.proposal(cipher, keyBits: keyBits, hash) else {
      diagnostics.error(
        span, Self.noProposal(cipher, keyBits, hash),
        help: "key-length is in bits; what does not authenticate needs integrity")
      return nil
    }
    return (proposal, span)
  }
}
