internal import XFRMKit

/// Puts a document that was held against its vocabulary into the words of a configuration.
struct DocumentReader {
  var exchange: Exchange
  var diagnostics: Diagnostics
  /// By request ID.
  private var policies: [UInt32: [PolicyOutline]] = [:]
  /// Tells which end of an entry for incoming packets is this one.
  private var facing = Facing([])

  init(_ exchange: Exchange, _ diagnostics: Diagnostics) {
    self.exchange = exchange
    self.diagnostics = diagnostics
  }

  mutating func configuration(_ databases: YAMLNode) -> YAMLNode {
    let spd = databases["spd"]?.list("spd-entry") ?? []
    let sad = databases["sad"]?.list("sad-entry") ?? []
    refuseTwins(spd)
    refuseTwins(sad)
    facing = Facing(spd)
    let policies = spd.map { policy($0) }
    let associations = sad.map { association($0) }
    let names = associations.compactMap { $0["name"] }
    // What is questionable is for whoever reads the configuration.
    let waivers = databases.saying([
      ("static-counter-mode-key", YAMLNode(.sequence(names), at: databases.span)),
      ("no-anti-replay", YAMLNode(.sequence(names), at: databases.span)),
    ])
    return databases.saying([
      ("crypto-policy", databases.saying(CryptoPolicy.legacy.rawValue)),
      ("waivers", waivers),
      ("spd", YAMLNode(.sequence(policies), at: databases.span)),
      ("sad", YAMLNode(.sequence(associations), at: databases.span)),
    ])
  }

  private mutating func refuseTwins(_ entries: [YAMLNode]) {
    var names: Set<String> = []
    for entry in entries {
      guard let name = entry.text("name"), !names.insert(name).inserted else { continue }
      diagnostics.error(
        entry.nameSpan, "something is called \(Discretion.quoted(name)) already",
        help: "names are unique; choose another one")
    }
  }

  // MARK: SPD

  private mutating func policy(_ entry: YAMLNode) -> YAMLNode {
    let name = exchange.name(like: entry.text("name") ?? "", of: .policy)
    let config = config(of: entry, name)
    let processing = config["processing-info"]
    let isProtected = processing?.text("action") == SPDEntry.Action.protect.rawValue
    let algorithms = processing?["ipsec-sa-cfg"]?["esp-algorithms"]
    let allowed = algorithms.map { proposals($0) } ?? []
    if isProtected { note(entry, config, allowed) }
    if algorithms?.flag("tfc-pad") == true { exchange.lose(name, "tfc-pad") }
    let protection = processing?["ipsec-sa-cfg"].map { section in
      section.saying(
        ["ext-seq-num", "seq-overflow", "mode", "tunnel"].map { ($0, section[$0]) } + [
          ("anti-replay-window-size", config["anti-replay-window-size"]),
          (
            "esp-algorithms",
            allowed.isEmpty
              ? nil
              : section.saying([
                (
                  "proposals",
                  YAMLNode(.sequence(allowed.map { section.saying($0.name) }), at: section.span)
                )
              ])
          ),
        ])
    }
    return entry.saying([
      ("name", entry["name"]?.saying(name)), ("direction", entry["direction"]),
      ("reqid", isProtected && entry.text("reqid") != "0" ? entry["reqid"] : nil),
      ("traffic-selector", config["traffic-selector"].map { traffic($0) }),
      (
        "processing-info",
        processing.map { section in
          section.saying([
            ("action", section["action"]), ("ipsec-sa-cfg", isProtected ? protection : nil),
          ])
        }
      ),
    ])
  }

  /// What an entry says, with this end as the local one.
  private mutating func config(of entry: YAMLNode, _ name: String) -> YAMLNode {
    let config = entry["ipsec-policy-config"] ?? entry
    switch facing.verdict(entry) {
    case .own: return config
    case .peer:
      exchange.lose(
        name,
        "the order of its ends: its local one is the peer, as entries for what leaves tell, "
          + "so they are exchanged")
      return config.exchangingEnds
    case .untold:
      exchange.lose(
        name, "what would tell that its local end is this one: no entry for what leaves does")
      return config
    case .contradictory:
      diagnostics.error(
        (config["traffic-selector"] ?? config).span,
        "which of these ends is this one? No entry for what leaves with its reqid has both",
        help: "local is this end, whichever way packets go; the entry for what leaves says it alike"
      )
      return config
    }
  }

  private mutating func note(
    _ entry: YAMLNode, _ config: YAMLNode, _ proposals: [ESPProposal]
  ) {
    let selector = config["traffic-selector"]
    let tunnel = config["processing-info"]?["ipsec-sa-cfg"]?["tunnel"]
    guard let id: UInt32 = entry.number("reqid"),
      let direction: SPDEntry.Direction = entry.word("direction"),
      let local = tunnel?.prefix("local") ?? selector?.prefix("local-prefix"),
      let remote = tunnel?.prefix("remote") ?? selector?.prefix("remote-prefix")
    else { return }
    policies[id, default: []].append(
      PolicyOutline(direction: direction, local: local, remote: remote, proposals: proposals))
  }

  private mutating func proposals(_ section: YAMLNode) -> [ESPProposal] {
    let hashes: [UInt64?] =
      [nil]
      + section.list("integrity").compactMap { $0.text.flatMap { Transforms.integrity($0) } }
      .map { $0.number == 0 ? nil : $0.number }
    return section.list("encryption").flatMap { choice -> [ESPProposal] in
      let cipher = Transforms.encryption(choice.text("algorithm-type") ?? "20")
      let bits: UInt64 = choice.number("key-length") ?? 128
      var found: [ESPProposal] = []
      for hash in hashes {
        let proposal = Transforms.proposal(
          Transforms.Combination(encryption: cipher?.number ?? 0, keyBits: bits, integrity: hash))
        if let proposal, !found.contains(proposal) { found.append(proposal) }
      }
      if found.isEmpty {
        diagnostics.error(
          choice.span, "this makes no proposal with any of the hashes",
          help: "key-length is in bits; what does not authenticate needs integrity")
      }
      return found
    }
  }

  /// Types and codes of ICMP apart from ports.
  private mutating func traffic(_ selector: YAMLNode) -> YAMLNode {
    let proto = selector.text("inner-protocol").flatMap { ProtocolNames.parse($0) } ?? .any
    var members = ["local-prefix", "remote-prefix", "inner-protocol"].map { ($0, selector[$0]) }
    guard proto == .icmp || proto == .icmpv6 else {
      for key in ["local-ports", "remote-ports"] {
        let ranges = ranges(selector, key)
        if !ranges.isEmpty { members.append((key, YAMLNode(.sequence(ranges), at: selector.span))) }
      }
      return selector.saying(members)
    }
    let ranges = ranges(selector, "local-ports") + ranges(selector, "remote-ports")
    guard let range = ranges.first else { return selector.saying(members) }
    let (start, end): (UInt16, UInt16) = (range.number("start") ?? 0, range.number("end") ?? 0)
    guard ranges.count == 1, start == end || start & 0xff == 0 && end == start | 0xff else {
      diagnostics.error(
        range.span, "this is neither a type of ICMP nor a type with a code",
        help: "the type is in the upper byte, the code in the lower one")
      return selector.saying(members)
    }
    members.append(("icmp-type", range.saying("\(start >> 8)")))
    if start == end { members.append(("icmp-code", range.saying("\(start & 0xff)"))) }
    return selector.saying(members)
  }

  /// What is written of ports; nothing if any will do, which the model has as 0 to 0.
  private mutating func ranges(_ selector: YAMLNode, _ key: String) -> [YAMLNode] {
    let ranges = selector.list(key)
    guard let any = ranges.first(where: { $0.number("start") == 0 && $0.number("end") == 0 }) else {
      return ranges
    }
    if ranges.count > 1 {
      diagnostics.error(
        any.span, "0 to 0 is any port, and beside it are others",
        help: "remove it, or the others")
    }
    return []
  }

  /// The policies that SAs with a request ID are for.
  func outlines(_ requestID: UInt32) -> [PolicyOutline] { policies[requestID] ?? [] }
}
