internal import Netlink
internal import XFRMKit

/// Tells whether two things are the same, by sixteen hexadecimal digits.
enum Fingerprint {
  static func of(_ bytes: [UInt8]) -> String {
    let words = SHA256.digest(bytes.span)
    let digits = String(UInt64(words[0]) << 32 | UInt64(words[1]), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension KernelSnapshot {
  /// The same for as long as nobody changes anything. Traffic changes nothing, and keys are no part
  /// of it.
  func fingerprint(with journal: Journal) -> String {
    var objects = policies.map { policy in
      var policy = policy
      policy.usage = Usage()
      return Self.bytes(.addPolicy(policy))
    }
    objects += associations.map { association in
      var bare = association
      (bare.usage, bare.statistics, bare.lastUsedAt) = (Usage(), .init(), nil)
      bare.replayState = nil
      bare.extendedReplayState = association.extendedReplayState.map { state in
        ExtendedReplayState(window: state.window)
      }
      (bare.aead, bare.encryption, bare.authentication) = (nil, nil, nil)
      let names =
        [association.aead?.name, association.encryption?.name]
        + [association.authentication?.name]
      return Self.bytes(.addAssociation(bare))
        + Array(names.map { $0 ?? "-" }.joined(separator: " ").utf8)
    }
    // The kernel lists SAs in no particular order.
    objects.sort { $0.lexicographicallyPrecedes($1) }
    var all = objects.flatMap { $0 }
    all += Array("\(defaultActions.map { "\($0)" } ?? "-") \(host.map { $0.words } ?? [])".utf8)
    for record in journal.summary { all += record.line.bytes }
    return Fingerprint.of(all)
  }

  private static func bytes(_ operation: XFRMKit.Operation) -> [UInt8] {
    var message = MessageBuilder()
    operation.encode(into: &message)
    let bytes = message.bytes
    return bytes.indices.map { bytes[$0] }
  }
}
