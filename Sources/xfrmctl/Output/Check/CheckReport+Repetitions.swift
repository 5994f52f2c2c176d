import HostReadiness

extension CheckReport {
  /// What of a check need not be told twice.
  private struct Reason: Hashable {
    var words: [String]
    var cause: String
  }

  /// The checks that did not pass for the same reason as one before them, the kernel's words included,
  /// and which that is.
  static func repetitions(in checks: [HostReadiness.Check]) -> [CheckID: CheckID] {
    var first: [Reason: CheckID] = [:]
    var repeated: [CheckID: CheckID] = [:]
    for check in checks where check.isNoteworthy && !check.isGathered {
      guard let cause = check.cause else { continue }
      let reason = Reason(words: check.evidence.compactMap(\.kernelWords), cause: cause)
      if let other = first[reason] {
        repeated[check.id] = other
      } else {
        first[reason] = check.id
      }
    }
    return repeated
  }
}
