import XFRMKit

/// What `xfrmctl state` prints for people.
struct AssociationListing {
  private let relations: Relations?
  private let sharedKeys: [SecurityAssociationID: [Finding]]
  private let keys: KeyDisplay
  private let now: UInt64?

  /// - Parameters:
  ///   - associations: All that there are.
  ///   - policies: All that there are, or `nil` to leave out who uses an SA.
  ///   - now: In seconds since 1970, for ages.
  init(
    _ associations: [SecurityAssociation], policies: [Policy]?, keys: KeyDisplay,
    now: UInt64? = nil
  ) {
    relations = policies.map { Relations(associations, $0) }
    sharedKeys = Dictionary(
      grouping: DatabaseRules.findings(in: associations), by: \.association.id
    ).mapValues { $0.map(\.finding) }
    self.keys = keys
    self.now = now
  }

  /// A few lines for each.
  func text(_ associations: [SecurityAssociation]) -> String {
    associations.isEmpty
      ? "No security associations."
      : associations.map { block($0) }.joined(separator: "\n\n")
  }

  func block(_ association: SecurityAssociation) -> String {
    var block = Block(
      title: [
        "\(association.proto) \(association.source) → \(association.destination)",
        "SPI \(association.spi)",
      ])
    block.row("mode", association.basics)
    for (label, parts) in association.algorithms(keys) { block.row(label, parts) }
    block.row("wrapped in", association.encapsulationParts)
    if let selector = association.selector.restriction,
      selector != .any(selector.family)
    {
      block.row("carries", selector.parts)
    }
    block.row("replay", association.replayParts)
    block.row("limits", association.lifetime.parts)
    block.row("traffic", association.usageParts(now: now))
    block.row("dropped", association.statistics.parts, .yellow)
    block.row("also", association.rarities)
    if let relations {
      let users = relations.policies(using: association).map(\.title)
      block.row("used by", users.isEmpty ? ["no policy"] : Text.abridge(users))
    }
    // What has no keys yet breaks rules that it will keep.
    if !association.isLarval {
      block.warn(association.findings + sharedKeys[association.id, default: []])
    }
    return block.text
  }
}

extension Text {
  /// The first few, and how many more there are.
  static func abridge(_ items: [String], to most: Int = 3) -> [String] {
    items.count <= most + 1
      ? items : items.prefix(most) + ["and \(count(items.count - most)) more"]
  }
}
