public import XFRMKit

extension IKEless {
  /// Entries as a document.
  ///
  /// - Parameters:
  ///   - policies: The strongest first.
  ///   - associations: Without keys, of which a document has none.
  ///   - defaultActions: What becomes of other packets; `nil` if nobody said.
  ///   - settings: Variables below /proc/sys.
  /// - Returns: The document, and what the model has no words for.
  public static func document(
    policies: [SPDEntry], associations: [SADEntry], defaultActions: DefaultActions? = nil,
    settings: [SettingEntry] = []
  ) -> (tree: YAMLNode, losses: [Exchange.Loss]) {
    var losses = Exchange()
    if let defaultActions {
      let word = defaultActions.outgoing == .block ? "discard" : "bypass"
      losses.lose("default-action", word, isWhole: true)
    }
    // Without its value: some are secrets.
    for setting in settings { losses.lose("settings", setting.name, isWhole: true) }
    let users = Dictionary(grouping: associations) { Link($0) }
    let said = policies.filter { losses.accepts($0) }
    let spd = said.map { tree($0, users[Link($0)] ?? []) }
    let used = Dictionary(grouping: said.filter { $0.action == .protect }) { Link($0) }
    let outlines = Dictionary(
      grouping: said.filter { $0.action == .protect }, by: { $0.requestID }
    ).mapValues { $0.map { PolicyOutline($0, users[Link($0)] ?? []) } }
    let shared = Dictionary(grouping: associations) { $0.entry.name.entry }
    let sad = associations.compactMap { entry -> YAMLNode? in
      // Those of a connection have its name in common.
      let stem = entry.entry.name.entry
      let name = shared[stem]?.count == 1 ? stem : "\(entry.entry.name)"
      let policies = outlines[entry.entry.association.requestID] ?? []
      guard losses.accepts(entry, name, policies) else { return nil }
      return tree(entry, name, used[Link(entry)] ?? [])
    }
    let databases = YAMLNode([
      ("spd", YAMLNode([("spd-entry", YAMLNode(spd))])),
      ("sad", YAMLNode([("sad-entry", YAMLNode(sad))])),
    ])
    return (YAMLNode([(root, databases)]), losses.losses)
  }

  /// What ties policies and SAs together.
  private struct Link: Hashable {
    var requestID: UInt32
    var direction: SPDEntry.Direction

    init(_ entry: SPDEntry) { (requestID, direction) = (entry.requestID, entry.direction) }
    init(_ entry: SADEntry) {
      (requestID, direction) = (entry.entry.association.requestID, entry.direction)
    }
  }

  /// A number of 64 bits, which JSON has as text.
  static func long(_ number: some BinaryInteger) -> YAMLNode { YAMLNode(text: "\(number)") }

  // MARK: SPD

  private static func tree(_ entry: SPDEntry, _ associations: [SADEntry]) -> YAMLNode {
    let protection = entry.protections.first
    let config = YAMLNode([
      ("anti-replay-window-size", protection?.replayWindow.map { YAMLNode($0) }),
      ("traffic-selector", tree(entry.selector)),
      (
        "processing-info",
        YAMLNode([
          ("action", YAMLNode(entry.action.rawValue)),
          ("ipsec-sa-cfg", protection.map { tree($0, associations) }),
        ])
      ),
    ])
    return YAMLNode([
      ("name", YAMLNode(text: entry.title)),
      ("direction", YAMLNode(entry.direction.rawValue)),
      ("reqid", entry.requestID == 0 ? nil : long(entry.requestID)),
      ("ipsec-policy-config", config),
    ])
  }

  private static func tree(
    _ protection: SPDEntry.Protection, _ associations: [SADEntry]
  ) -> YAMLNode {
    // What is missing means false to the model, and either here.
    let extended = Set(
      associations.map { $0.entry.association.flags.contains(.extendedSequenceNumbers) })
    let isExtended =
      protection.extendedSequenceNumbers ?? (extended.count == 1 ? extended.first : nil)
    return YAMLNode([
      ("pfp-flag", YAMLNode(false)),
      ("ext-seq-num", isExtended.map { YAMLNode($0) }),
      ("seq-overflow", protection.sequenceMayWrap.map { YAMLNode($0) }),
      ("stateful-frag-check", YAMLNode(false)),
      ("mode", YAMLNode(protection.mode.word)),
      ("protocol-parameters", YAMLNode("esp")),
      ("esp-algorithms", tree(protection.proposals(associations))),
      (
        "tunnel",
        protection.ends.map {
          YAMLNode([
            ("local", YAMLNode("\($0.local)")), ("remote", YAMLNode("\($0.remote)")),
            ("df-bit", YAMLNode("copy")),
          ])
        }
      ),
    ])
  }

  private static func tree(_ proposals: [ESPProposal]) -> YAMLNode? {
    guard !proposals.isEmpty else { return nil }
    var hashes: [UInt64] = []
    var ciphers: [Transforms.Combination] = []
    for var numbers in proposals.compactMap({ Transforms.numbers(of: $0) }) {
      if let hash = numbers.integrity, !hashes.contains(hash) { hashes.append(hash) }
      numbers.integrity = nil
      if !ciphers.contains(numbers) { ciphers.append(numbers) }
    }
    let choices = ciphers.enumerated().map { index, cipher in
      YAMLNode([
        ("id", YAMLNode(index + 1)), ("algorithm-type", YAMLNode(cipher.encryption)),
        ("key-length", YAMLNode(cipher.keyBits)),
      ])
    }
    return YAMLNode([
      ("integrity", hashes.isEmpty ? nil : YAMLNode(hashes.map { YAMLNode($0) })),
      ("encryption", YAMLNode(choices)),
    ])
  }

  static func tree(_ selector: TrafficSelector) -> YAMLNode {
    func ports(_ ranges: [ClosedRange<UInt16>]) -> YAMLNode? {
      guard !ranges.isEmpty else { return nil }
      return YAMLNode(
        ranges.merged.map {
          YAMLNode([("start", YAMLNode($0.lowerBound)), ("end", YAMLNode($0.upperBound))])
        })
    }
    // The type in the upper byte, the code in the lower one.
    let icmp = selector.icmp.map { icmp in
      let first = UInt16(icmp.type) << 8
      return icmp.code.map { first | UInt16($0)...first | UInt16($0) } ?? first...first | 0xff
    }
    return YAMLNode([
      ("local-prefix", YAMLNode("\(selector.local)")),
      ("remote-prefix", YAMLNode("\(selector.remote)")),
      (
        "inner-protocol",
        selector.proto == .any ? YAMLNode("any") : YAMLNode(selector.proto.rawValue)
      ),
      ("local-ports", ports(icmp.map { [$0] } ?? selector.localPorts)),
      ("remote-ports", ports(selector.remotePorts)),
    ])
  }
}

extension SPDEntry.Protection {
  /// What SAs may have; what they have, if the entry does not say, as the SAD of the model does not
  /// tell how long a key is that it does not show.
  func proposals(_ associations: [SADEntry]) -> [ESPProposal] {
    if !proposals.isEmpty { return proposals }
    var found: [ESPProposal] = []
    for association in associations {
      guard case .esp(let proposal) = association.entry.protection, !found.contains(proposal) else {
        continue
      }
      found.append(proposal)
    }
    return found
  }
}
