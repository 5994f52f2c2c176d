internal import XFRMKit

extension Exchange {
  /// The configuration: entries, and what they need to be accepted.
  public var tree: YAMLNode {
    YAMLNode([
      ("crypto-policy", needsLegacy ? YAMLNode(CryptoPolicy.legacy.rawValue) : nil),
      (
        "default-action",
        defaultActions.map { YAMLNode($0.outgoing == .block ? "discard" : "bypass") }
      ),
      ("waivers", waivers),
      ("spd", policies.isEmpty ? nil : YAMLNode(policies.map(\.tree))),
      (
        "sad",
        associations.isEmpty
          ? nil : YAMLNode(associations.map { $0.tree(named: $0.entry.name.entry) })
      ),
    ])
  }

  /// Entries that a configuration takes by waiver only.
  public var waived: [(waiver: String, names: [String])] {
    let counting = associations.filter { $0.entry.protection.needsFreshKeys }
    let replayed = associations.filter {
      let value = $0.entry.association
      return value.proto != .ipComp && value.extendedReplayState == nil && value.replayWindow == 0
    }
    return [("static-counter-mode-key", counting), ("no-anti-replay", replayed)]
      .filter { !$0.1.isEmpty }
      .map { ($0.0, $0.1.map(\.entry.name.entry)) }
  }

  private var waivers: YAMLNode? {
    let waivers = waived
    if waivers.isEmpty { return nil }
    return YAMLNode(waivers.map { ($0.waiver, YAMLNode($0.names.map { YAMLNode($0) })) })
  }

  /// Whether an algorithm is refused by what is usual.
  private var needsLegacy: Bool {
    associations.contains { item in
      let levels =
        switch item.entry.protection {
        case .esp(let proposal): proposal.requirements.map(\.level)
        case .ah(let hash, let bits): [hash.requirement(checkBits: bits)]
        case .ipComp: [RequirementLevel.must]
        }
      return levels.contains { CryptoPolicy.rfc8221.judgement($0) == .refused }
    }
  }
}

extension Exchange {
  /// Leaves out what a configuration does not take, so that what remains is one without errors.
  mutating func settle() {
    while true {
      let text = Array(YAMLWriter.text(tree).utf8)
      let errors = Self.errors(text)
      var diagnostics = Diagnostics()
      guard !errors.isEmpty, let node = YAMLReader.read(text, of: "", &diagnostics) else { return }
      let known = errors.compactMap { error in
        Self.place(of: error, in: node).map { ($0, error.message) }
      }
      // An error about the whole of it is for whoever reads it.
      guard !known.isEmpty else { return }
      let reasons = Dictionary(known) { first, _ in first }
      for (place, reason) in reasons.sorted(by: { $0.key > $1.key }) {
        let name =
          place.isPolicy
          ? policies.remove(at: place.index).name
          : associations.remove(at: place.index).entry.name.entry
        keys[name] = nil
        losses.removeAll { $0.object == name }
        lose(name, reason, isWhole: true)
      }
    }
  }

  /// What is wrong with a configuration.
  private static func errors(_ bytes: [UInt8]) -> [Diagnostic] {
    let loaded = ConfigurationFiles(host: "") { (_) throws(ConfigurationFiles.Unreadable) in bytes }
      .load("")
    let findings = loaded.configuration.map { $0.expanded(PendingBundles()).findings } ?? []
    return (loaded.diagnostics + findings).filter { $0.severity == .error }
  }

  /// An entry, by its place in its list.
  private struct Place: Hashable, Comparable {
    var isPolicy: Bool
    var index: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.isPolicy ? 0 : 1, left.index) < (right.isPolicy ? 0 : 1, right.index)
    }
  }

  private static func place(of error: Diagnostic, in node: YAMLNode) -> Place? {
    for (key, isPolicy) in [("sad", false), ("spd", true)] {
      guard let list = node[key], list.span.start <= error.span.start else { continue }
      let index = list.elements.lastIndex { $0.span.start <= error.span.start }
      return index.map { Place(isPolicy: isPolicy, index: $0) }
    }
    return nil
  }
}
