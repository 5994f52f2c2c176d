extension SecurityAssociation {
  /// Rules that it breaks, those that the kernel refuses first and in the kernel's order.
  public var findings: [Finding] { AssociationRules.all.compactMap { $0.finding(self) } }

  /// Every rule for SAs.
  public static var rules: [Rule] { AssociationRules.all.map(\.rule) }
}

extension Policy {
  /// Rules that it or one of its templates breaks.
  public var findings: [Finding] {
    PolicyRules.all.compactMap { $0.finding(self) }
      + templateContexts.enumerated().flatMap { number, context in
        TemplateRules.all.compactMap {
          $0.finding(context, part: templates.count > 1 ? "template \(number + 1)" : nil)
        }
      }
  }

  /// Every rule for policies and templates.
  public static var rules: [Rule] { PolicyRules.all.map(\.rule) + TemplateRules.all.map(\.rule) }
}

extension Operation {
  /// Rules that the SA or policy breaks which is to be added or updated.
  public var findings: [Finding] {
    switch self {
    case .addAssociation(let association), .updateAssociation(let association):
      association.findings
    case .addPolicy(let policy), .updatePolicy(let policy): policy.findings
    default: []
    }
  }

  /// The rule that a refusal is about: one that is broken and answered so, or else one that the
  /// kernel's words are known to be about.
  func finding(for refusal: KernelRefusal) -> Finding? {
    let broken = findings.filter { $0.rule.errno == refusal.errno }
    guard let words = refusal.explanation else {
      return broken.first { $0.rule.words == nil } ?? broken.first
    }
    if let meant = broken.first(where: { $0.rule.words.map(words.contains) ?? false }) {
      return meant
    }
    return (SecurityAssociation.rules + Policy.rules)
      .first { rule in rule.isKernelOnly && rule.words.map(words.contains) ?? false }
      .map { Finding(rule: $0, part: nil, detail: nil) }
  }
}

// MARK: - Several at once

/// Rules about how SAs and policies fit together.
public enum DatabaseRules {
  /// No key of an AEAD, or of AES-CTR, is in two SAs.
  public static let sharedKey = Rule(
    id: "D.shared-key", severity: .dangerous,
    statement: "two SAs with one AEAD or counter mode key repeat IVs, which breaks both",
    remedy: "give each SA a key of its own", errno: nil, words: nil)

  /// SAs that share a key with another one before them.
  public static func findings(
    in associations: [SecurityAssociation]
  ) -> [(association: SecurityAssociation, finding: Finding)] {
    var byHash: [Int: [SecurityAssociation]] = [:]
    var found: [(SecurityAssociation, Finding)] = []
    for association in associations {
      guard let key = association.nonceKey else { continue }
      let earlier = byHash[key.seededHash, default: []].first { $0.nonceKey == key }
      if let earlier {
        found.append((association, Finding(rule: sharedKey, part: nil, detail: "\(earlier.id)")))
      }
      byHash[key.seededHash, default: []].append(association)
    }
    return found
  }
}

extension SecurityAssociation {
  /// A key that must not be used twice with one IV.
  fileprivate var nonceKey: Secret? {
    let key =
      aead?.key ?? (encryption?.name == EncryptionAlgorithm.aesCTR.name ? encryption?.key : nil)
    // A locked-down kernel shows zeros.
    return key.flatMap { $0.isAllZeros ? nil : $0 }
  }
}
