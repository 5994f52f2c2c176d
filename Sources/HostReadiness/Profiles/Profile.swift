public import XFRMKit

/// What a host is held against: the checks that are done, how much each matters, and what ESP must
/// be capable of.
public struct Profile: Hashable, Sendable {
  /// What it is called in reports.
  public var name: String
  /// The use whose severities hold where it has none of its own.
  public var use: Use
  /// What it says itself about checks, by name or pattern (`env.*`); the last that fits counts.
  public var rules: [Rule] = []
  /// What ESP is probed with, the most wanted first.
  public var proposals: [ESPProposal]

  /// How much the checks matter that a pattern fits.
  public struct Rule: Hashable, Sendable {
    /// The name of a check, in which `*` stands for any characters.
    public var pattern: String
    /// `nil` if they are not to be done.
    public var severity: Check.Severity?

    public init(_ pattern: String, _ severity: Check.Severity?) {
      self.pattern = pattern
      self.severity = severity
    }
  }

  /// The profile for a use of a host.
  public init(_ use: Use) {
    name = use.rawValue
    self.use = use
    proposals = use.proposals
  }
}

extension Use {
  /// What each use proposes to its peers for ESP, as far as it depends on the kernel.
  ///
  /// Algo's is the only one of `roles/strongswan/defaults/main.yml`; strongSwan's and libreswan's are
  /// what they propose by default.
  var proposals: [ESPProposal] {
    switch self {
    case .algo: [.aes256gcm16]
    case .minimal, .gateway, .strongswan, .libreswan: [.aes256gcm16, .aes256sha256]
    }
  }
}

extension Profile {
  /// How much a check matters; `nil` if it is not done.
  func severity(of check: CheckDefinition) -> Check.Severity? {
    severity(of: check.id, check.importance, explaining: check.explains)
  }

  func severity(
    of id: CheckID, _ importance: Importance, explaining explained: CheckID? = nil
  ) -> Check.Severity? {
    if let rule = rules.last(where: { id.fits($0.pattern) }) { return rule.severity }
    guard let explained, let rule = rules.last(where: { explained.fits($0.pattern) }) else {
      return importance[use]
    }
    // It decides nothing itself.
    return rule.severity == nil || rule.severity == .optional ? .optional : .recommended
  }
}

extension Profile {
  /// Has a check done that it would do without; its outcome changes no verdict.
  public mutating func ask(_ id: CheckID) {
    guard let check = CheckDefinition.all.first(where: { $0.id == id }),
      severity(of: check) == nil
    else { return }
    rules.append(Rule(id.rawValue, .optional))
  }
}

extension CheckID {
  /// Whether it is what a pattern stands for, in which `*` stands for any characters.
  func fits(_ pattern: String) -> Bool {
    var name = rawValue[...]
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else {
      return false
    }
    guard parts.count > 1 else { return name == first }
    name = name.dropFirst(first.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = name.firstRange(of: part) else { return false }
      name = name[range.upperBound...]
    }
    return name.hasSuffix(last)
  }
}
