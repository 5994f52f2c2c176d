import XFRMDiagnosis

/// `xfrmctl explain packet --json`
struct PacketExplanationJSON: Encodable {
  struct Hit: Encodable {
    var index: UInt32
    var selector: String
    /// `main` or `sub`
    var type: String
    var priority: UInt32
    var action: String
  }

  struct Miss: Encodable {
    var policy: Hit
    /// `priority`, `order`, `type`, or what of the packet it is not for
    var reason: String
    var explanation: String
  }

  struct Loser: Encodable {
    var spi: UInt32
    var destination: String
    var explanation: String
  }

  struct Choice: Encodable {
    var template: String
    var isOptional: Bool
    /// What was taken.
    var spi: UInt32?
    var destination: String?
    var losers: [Loser]
  }

  var version = 1
  /// `clear`, `protected`, `needs-protection` or `dropped`
  var fate: String
  var explanation: String
  var policies: [Hit]
  var associations: [Choice]
  var otherPolicies: [Miss]

  init(_ explanation: PacketExplanation) {
    fate = explanation.fate.word
    self.explanation = explanation.fate.words
    policies = explanation.policies.map { Hit($0) }
    associations = explanation.choices.map { choice in
      let losers = choice.mismatches.map { association, mismatch in
        Loser(
          spi: association.spi.rawValue, destination: "\(association.destination)",
          explanation: mismatch.words(of: association, for: choice.template))
      }
      return Choice(
        template: "\(choice.template.proto) \(choice.template.mode) request ID "
          + "\(choice.template.requestID)",
        isOptional: choice.template.isOptional, spi: choice.association?.spi.rawValue,
        destination: choice.association.map { "\($0.destination)" }, losers: losers)
    }
    otherPolicies = explanation.otherPolicies.map { losing in
      Miss(policy: Hit(losing.policy), reason: losing.reason.word, explanation: losing.words)
    }
  }
}

extension PacketExplanationJSON.Hit {
  init(_ policy: Policy) {
    self.init(
      index: policy.index, selector: "\(policy.selector)", type: "\(policy.kind)",
      priority: policy.priority, action: "\(policy.action)")
  }
}

extension PacketFate {
  fileprivate var word: String {
    switch self {
    case .clear, .clearOnly: "clear"
    case .protected: "protected"
    case .needsProtection: "needs-protection"
    case .dropped: "dropped"
    }
  }
}

extension PacketExplanation.Reason {
  fileprivate var word: String {
    switch self {
    case .mismatch(let mismatch): mismatch.rawValue
    case .lowerPriority: "priority"
    case .later: "order"
    case .notReached: "type"
    }
  }
}
