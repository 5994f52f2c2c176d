internal import XFRMKit

/// Hands out the keys of SAs that are about to be added.
protocol KeyGate: ~Copyable {
  /// SAs with their keys, all of them or none.
  mutating func admit(
    _ entries: [AssociationEntry]
  ) throws(KeyProblem) -> [SecurityAssociation]

  /// The kernel has all that were admitted, and no policy of ours has led a packet yet to one that
  /// must be fresh: such keys have connections alone, whose policies name the SPI and come later. An
  /// entry of `sad` has a key that stays the same, and no policy need wait for it.
  mutating func noteInstalled() throws(StoreProblem)
}

/// Fetches keys from where the configuration says that they are, and lets none pass that has been
/// used before where that breaks a cipher.
struct LedgeredKeys: KeyGate, ~Copyable {
  private let key: Manager.Keys
  /// `nil` where it cannot be used: then none passes that would have to be in it.
  private var ledger: Ledger?

  init(_ key: @escaping Manager.Keys, _ ledger: consuming Ledger?) {
    self.key = key
    self.ledger = ledger
  }

  /// Makes sure that the keys of a plan will find room in the ledger.
  func reserve(for steps: [PlanStep]) throws(StoreProblem) {
    try ledger?.reserve(keys: steps.count { $0.addedAssociation != nil })
  }

  /// Makes sure that no key of a plan was used before. Those are told of before its first step, as
  /// whoever stops in its midst leaves what was in clear dropped.
  func check(_ steps: [PlanStep]) throws(KeyProblem) {
    let keys = try Self.freshKeys(of: steps, key)
    if !keys.isEmpty { try ledger?.check(keys) }
  }

  /// The keys of a plan that must be fresh.
  ///
  /// - Parameters:
  ///   - steps: Those of the plan.
  ///   - key: Fetches the key of an SA.
  static func freshKeys(
    of steps: [PlanStep], _ key: Manager.Keys
  ) throws(KeyProblem) -> [(entry: AssociationEntry, key: Secret)] {
    var keys: [(entry: AssociationEntry, key: Secret)] = []
    for entry in steps.lazy.compactMap(\.addedAssociation)
    where entry.needsFreshKey && entry.key?.isStatic != true {
      keys.append((entry, try key(entry)))
    }
    return keys
  }

  mutating func admit(
    _ entries: [AssociationEntry]
  ) throws(KeyProblem) -> [SecurityAssociation] {
    var keys: [(entry: AssociationEntry, key: Secret)] = []
    var keyed: [SecurityAssociation] = []
    for entry in entries {
      let material = try key(entry)
      guard let association = entry.keyed(with: material) else {
        throw KeyProblem(
          "the key has \(material.count) bytes, and \(entry.protection.keyBytes) are needed")
      }
      keys.append((entry, material))
      keyed.append(association)
    }
    if ledger == nil, let entry = entries.first(where: \.needsFreshKey) {
      throw KeyProblem("the key of \(entry.name) cannot be looked up in the ledger")
    }
    try ledger?.admit(keys)
    return keyed
  }

  mutating func noteInstalled() throws(StoreProblem) { try ledger?.noteInstalled() }
}
