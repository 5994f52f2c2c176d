internal import XFRMKit

/// Which ends of entries for incoming packets are this one.
///
/// To RFC 9061 `local` is this end whichever way packets go, but some controllers have the
/// sender there. Taken as it stands such an entry would be for packets that
/// never come in, and nothing would demand that those that do are protected. Entries for what leaves
/// have no such choice, and tell.
struct Facing {
  enum Verdict: Hashable {
    /// The local end is this one.
    case own
    /// The local end is the peer.
    case peer
    /// Nothing tells.
    case untold
    /// Those that should tell have other ends.
    case contradictory
  }

  private var leaving: [Outline] = []
  /// What most of a document is like, for those of its entries of which nothing else tells.
  private var custom: Set<Verdict> = []

  /// - Parameter entries: Those of the SPD of a document.
  init(_ entries: [YAMLNode]) {
    let outlines = entries.compactMap { Outline($0) }
    leaving = outlines.filter { $0.direction == .outbound }
    custom = Set(
      outlines.filter { $0.direction == .inbound && $0.action == .protect }.map { told($0) }
    ).intersection([.own, .peer])
  }

  /// What becomes of an entry.
  func verdict(_ entry: YAMLNode) -> Verdict {
    guard let outline = Outline(entry), outline.direction == .inbound else { return .own }
    let told = told(outline)
    guard told == .untold else { return told }
    if custom.count == 1, let first = custom.first { return first }
    // Without any that protects there is nobody who has it otherwise.
    if outline.action != .protect, custom.isEmpty { return .own }
    return custom.isEmpty ? .untold : .contradictory
  }

  /// What the entries for what leaves tell.
  private func told(_ outline: Outline) -> Verdict {
    var related = leaving.filter { $0.isRelated(to: outline) }
    // The ends of an SA are these two hosts for whatever other entries, too. Traffic is not: at a hub
    // what comes from one peer is what leaves for another one.
    var byEnds: Verdict?
    if let ends = outline.ends {
      let others = related.isEmpty ? leaving : related
      let told = Comparison(others.compactMap { $0.ends?.comparing(ends, ==) }).verdicts
      if told.count > 1 { return .contradictory }
      byEnds = told.first
      if byEnds != nil {
        related.removeAll {
          $0.ends.map { $0.comparing(ends, ==) == (own: false, peer: false) } ?? true
        }
      }
    }
    let traffic = Comparison(related.map { $0.traffic.comparing(outline.traffic, ==) })
    let verdicts = traffic.verdicts.union(byEnds.map { [$0] } ?? [])
    if verdicts.count == 1, let first = verdicts.first { return first }
    // Without a reqid others only look alike.
    if verdicts.count > 1 { return outline.action == .protect ? .contradictory : .untold }
    // With two ends that are alike it is the same.
    if traffic.isSymmetrical { return .own }
    guard outline.action == .protect, !related.isEmpty else { return .untold }
    let overlaps = Comparison(
      related.map { entry in
        entry.traffic.comparing(outline.traffic) { $0.prefix.overlaps($1.prefix) }
      }
    ).verdicts
    return overlaps.count == 1 ? overlaps.first ?? .contradictory : .contradictory
  }
}

/// What comparing the ends of an entry with those of others comes to.
private struct Comparison {
  /// What those tell that have its ends in one order only.
  var verdicts: Set<Facing.Verdict>
  /// Whether some have its ends in both orders.
  var isSymmetrical: Bool

  init(_ pairs: [(own: Bool, peer: Bool)]) {
    verdicts = Set(pairs.filter { $0.own != $0.peer }.map { $0.own ? .own : .peer })
    isSymmetrical = pairs.contains { $0.own && $0.peer }
  }
}

/// What of an entry tells whose ends it has.
private struct Outline {
  struct Side: Hashable {
    var prefix: IPPrefix
    var ports: Set<String> = []
  }

  struct Pair: Hashable {
    var local: Side
    var remote: Side

    /// Whether another pair is like this one, and whether it is with its ends exchanged.
    func comparing(
      _ other: Pair, _ isAlike: (Side, Side) -> Bool
    ) -> (own: Bool, peer: Bool) {
      (
        isAlike(local, other.local) && isAlike(remote, other.remote),
        isAlike(local, other.remote) && isAlike(remote, other.local)
      )
    }
  }

  var direction: SPDEntry.Direction
  var action: SPDEntry.Action
  var requestID: UInt32
  var traffic: Pair
  /// Of its SAs: those of the tunnel, or the two hosts.
  var ends: Pair?

  init?(_ entry: YAMLNode) {
    let config = entry["ipsec-policy-config"]
    guard let direction: SPDEntry.Direction = entry.word("direction"),
      let selector = config?["traffic-selector"],
      let local = selector.prefix("local-prefix"), let remote = selector.prefix("remote-prefix")
    else { return nil }
    let processing = config?["processing-info"]
    self.direction = direction
    action = processing?.word("action") ?? .discard
    requestID = action == .protect ? entry.number("reqid") ?? 0 : 0
    traffic = Pair(
      local: Side(prefix: local, ports: Self.ports(selector, "local-ports")),
      remote: Side(prefix: remote, ports: Self.ports(selector, "remote-ports")))
    if let tunnel = processing?["ipsec-sa-cfg"]?["tunnel"], let here = tunnel.prefix("local"),
      let there = tunnel.prefix("remote")
    {
      ends = Pair(local: Side(prefix: here), remote: Side(prefix: there))
    } else if action == .protect, [local, remote].allSatisfy({ $0.length == $0.address.bitWidth }) {
      ends = Pair(local: Side(prefix: local), remote: Side(prefix: remote))
    }
  }

  /// None for ICMP, whose type is in the place of ports and no end's.
  private static func ports(_ selector: YAMLNode, _ key: String) -> Set<String> {
    let proto = selector.text("inner-protocol").flatMap { ProtocolNames.parse($0) } ?? .any
    guard ProtocolNames.hasPorts(proto) else { return [] }
    let ranges = selector.list(key).map { range -> String in
      let start: UInt16? = range.number("start")
      let end: UInt16? = range.number("end")
      return "\(start ?? 0)-\(end ?? 0)"
    }
    return Set(ranges).subtracting(["0-0"])
  }

  /// Whether it tells of another one: by the reqid, and of those that have none by what is done.
  func isRelated(to other: Outline) -> Bool {
    action == other.action && requestID == other.requestID
      && traffic.local.prefix.family == other.traffic.local.prefix.family
  }
}

extension IPPrefix {
  fileprivate func overlaps(_ other: IPPrefix) -> Bool {
    length <= other.length ? contains(other.address) : other.contains(address)
  }
}

extension YAMLNode {
  /// An entry's configuration with its ends exchanged: prefixes, ports and those of the tunnel.
  var exchangingEnds: YAMLNode {
    let twins = [
      "local-prefix": "remote-prefix", "remote-prefix": "local-prefix",
      "local-ports": "remote-ports", "remote-ports": "local-ports", "local": "remote",
      "remote": "local",
    ]
    guard case .mapping(let members) = content else { return self }
    var node = self
    node.content = .mapping(
      members.map { Member(twins[$0.key] ?? $0.key, at: $0.keySpan, $0.value.exchangingEnds) })
    return node
  }
}
