internal import XFRMKit

extension DocumentReader {
  /// An entry of the SAD, in the words of a configuration.
  mutating func association(_ entry: YAMLNode) -> YAMLNode {
    let name = exchange.name(like: entry.text("name") ?? "", of: .association)
    let config = entry["ipsec-sa-config"] ?? entry
    let isTunnel = config.text("mode") == "tunnel"
    let ends = isTunnel ? config["tunnel"] : config["traffic-selector"]
    let requestID: UInt32 = entry.number("reqid") ?? 0
    if requestID == 0 {
      diagnostics.error(
        entry.span("reqid"), "“reqid” is missing or 0: which policies is it for?",
        help: "give it that of its policies")
    }
    let policies = outlines(requestID)
    let source = ends?.prefix(isTunnel ? "local" : "local-prefix")
    let destination = ends?.prefix(isTunnel ? "remote" : "remote-prefix")
    let direction = source.flatMap { source in
      destination.flatMap { PolicyOutline.direction(from: source, to: $0, policies) }
    }
    if direction == nil {
      exchange.lose(name, "which way its packets go, which no policy tells")
    }
    let side = direction ?? .inbound
    let allowed = policies.filter { $0.direction == side }.flatMap(\.proposals)
    return entry.saying(
      [
        ("name", entry["name"]?.saying(name)), ("direction", entry.saying(side.rawValue)),
        ("reqid", entry["reqid"]), ("mode", config["mode"]),
        (
          "traffic-selector",
          isTunnel ? nil : ends.map { turned($0, side, "local-prefix", "remote-prefix") }
        ),
        ("tunnel", isTunnel ? config["tunnel"].map { tunnel($0, side) } : nil),
        ("esp-sa", protection(config, name, allowed)),
        ("sa-lifetime-hard", config["sa-lifetime-hard"].flatMap { limits($0, name) }),
        ("sa-lifetime-soft", config["sa-lifetime-soft"].flatMap { limits($0, name) }),
        ("encapsulation-type", config["encapsulation-type"].map { encapsulation($0, side, name) }),
      ]
        + ["spi", "ext-seq-num", "seq-overflow", "anti-replay-window-size"].map { ($0, config[$0]) }
    )
  }

  // MARK: Ends

  /// With this end as the local one.
  private func turned(
    _ section: YAMLNode, _ direction: SPDEntry.Direction, _ local: String, _ remote: String
  ) -> YAMLNode {
    let isOutbound = direction == .outbound
    return section.saying([
      (local, section[isOutbound ? local : remote]), (remote, section[isOutbound ? remote : local]),
    ])
  }

  private func tunnel(_ section: YAMLNode, _ direction: SPDEntry.Direction) -> YAMLNode {
    var node = turned(section, direction, "local", "remote")
    let others = section.saying([
      ("df-bit", section["df-bit"] ?? section.saying("clear")),
      ("bypass-dscp", section["bypass-dscp"]),
    ])
    node.content = .mapping(node.members + others.members)
    return node
  }

  private mutating func encapsulation(
    _ section: YAMLNode, _ direction: SPDEntry.Direction, _ name: String
  ) -> YAMLNode {
    let isOutbound = direction == .outbound
    let addresses = section.list("oaddr")
    if addresses.count > 1 { exchange.lose(name, "all addresses before NATs but one") }
    return section.saying([
      ("espencap", section["espencap"] ?? section.saying("none")),
      ("sport", section[isOutbound ? "sport" : "dport"]),
      ("dport", section[isOutbound ? "dport" : "sport"]), ("oaddr", addresses.first),
    ])
  }

  // MARK: Algorithms

  private mutating func protection(
    _ config: YAMLNode, _ name: String, _ allowed: [ESPProposal]
  ) -> YAMLNode {
    let section = config["esp-sa"] ?? config
    let (encryption, integrity) = (section["encryption"], section["integrity"])
    let hash = integrity?.text("integrity-algorithm").flatMap { Transforms.integrity($0) }
    let cipher =
      Transforms.encryption(encryption?.text("encryption-algorithm") ?? "12")?.number ?? 0
    let hasKeys = [encryption, integrity].contains { $0?["key"] != nil }
    if hasKeys { exchange.lose(name, "its key, which is not shown: put it into its file") }
    let bits = encryption?.text("key").map { UInt64($0.split(separator: ":").count) * 8 }
    // A salt may stand behind the key.
    let lengths = bits.map { bits in [0, 32, 24].filter { $0 <= bits }.map { bits - $0 } } ?? []
    // With a cipher that authenticates the hash is not used.
    for integrity in [nil, hash?.number ?? 12] as [UInt64?] where integrity != 0 {
      let told = lengths.lazy.compactMap {
        Transforms.proposal(
          Transforms.Combination(encryption: cipher, keyBits: $0, integrity: integrity))
      }.first
      let usual = bits == nil ? Transforms.proposal(cipher, integrity, among: allowed) : nil
      guard let proposal = told ?? usual else { continue }
      return section.saying([
        ("proposal", section.saying(proposal.name)),
        ("key", section.saying("file:\(exchange.keyFolder)/\(name)")),
      ])
    }
    diagnostics.error(
      encryption?.span ?? section.place, "these algorithms make no proposal",
      help: "the length of a key is that of its digits; what does not authenticate needs integrity")
    return section.saying([])
  }

  // MARK: Lifetimes

  /// Without what is 0, which is for no limit; `nil` if there is none.
  private mutating func limits(_ section: YAMLNode, _ name: String) -> YAMLNode? {
    switch section.text("action") {
    case "terminate-clear":
      diagnostics.error(
        section.span("action"), "packets would pass in clear at the end of the SA",
        help: "the kernel drops what has no SA: terminate-hold")
    case "replace": exchange.lose(name, "action: replace, which is for rotation to do")
    default: break
    }
    let members = ["time", "bytes", "packets"].compactMap { key in
      section[key].flatMap { Numbers.parse(section.text(key) ?? "") == 0 ? nil : (key, $0) }
    }
    return members.isEmpty ? nil : section.saying(members)
  }
}
