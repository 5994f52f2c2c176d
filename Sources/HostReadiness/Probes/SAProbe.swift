internal import XFRMKit

extension SAKind {
  /// Adds an SA of the kind, reads it back and deletes it: only the real thing proves anything,
  /// as much else succeeds on kernels without ESP.
  func probe(_ client: inout XFRMClient) -> ProbeOutcome {
    var last = ProbeOutcome.notRun(.unwanted)
    for transform in transforms {
      last = probe(&client, transform)
      // Another transform may work where an algorithm of this one is missing.
      guard case .refused(let error) = last, error.isAboutAlgorithms else { break }
    }
    return last
  }

  private func probe(_ client: inout XFRMClient, _ transform: Transform) -> ProbeOutcome {
    let asked = association(transform)
    do throws(XFRMError) {
      try client.add(asked)
      let found = try client.association(asked.id)
      var difference = found.difference(from: asked)
      if let policyFamily {
        for policy in Policy.everyDirection(.any(policyFamily), Template(asked)) {
          let another = try client.tryOut(policy)
          difference = difference ?? another
        }
      }
      try client.delete(asked.id)
      if let difference {
        return .different(request: "read back \(asked.id)", difference: difference)
      }
      return .works("add \(asked.id) (\(transform))")
    } catch {
      return .refused(error)
    }
  }

  /// An SA of the kind.
  var sample: SecurityAssociation { association(transforms[0]) }

  /// An SA between addresses that documentation may use and nobody else.
  private func association(_ transform: Transform) -> SecurityAssociation {
    var association = SecurityAssociation(
      from: .documentation(1, family), to: .documentation(2, family), spi: 0x1000, proto: proto,
      mode: mode)
    association.requestID = 1
    switch transform {
    case .esp(let proposal):
      association.replayWindow = 32
      proposal.protect(&association)
    case .ah(let algorithm):
      association.replayWindow = 32
      association.authentication = Authentication(
        name: algorithm.name, key: algorithm.randomKey(), truncationBits: algorithm.checkBits)
    case .ipComp(let algorithm):
      association.compression = Compression(algorithm)
    }
    shape(&association)
    return association
  }
}

extension XFRMError {
  fileprivate var isAboutAlgorithms: Bool {
    switch cause {
    case .noAlgorithm, .algorithmIncomplete: true
    default: false
    }
  }
}

extension SAKind.Transform: CustomStringConvertible {
  /// `aes256gcm16`, `hmac(sha256)`, `deflate`
  var description: String {
    switch self {
    case .esp(let proposal): proposal.name
    case .ah(let algorithm): algorithm.name
    case .ipComp(let algorithm): algorithm.name
    }
  }
}

// MARK: - Policies

extension Policy {
  /// One for each direction, with the template in each.
  static func everyDirection(_ selector: Selector, _ template: Template) -> [Policy] {
    [.incoming, .outgoing, .forwarded].map {
      Policy(selector, direction: $0, templates: [template])
    }
  }
}

extension XFRMClient {
  /// Adds a policy, reads it back and deletes it; says what the kernel made another of.
  mutating func tryOut(_ policy: Policy) throws(XFRMError) -> String? {
    try add(policy)
    let untaken = try untaken(of: policy).first
    try delete(policy.key)
    return untaken.map { "\($0.stored) for \($0.asked) as \($0.property) of the policy" }
  }
}
