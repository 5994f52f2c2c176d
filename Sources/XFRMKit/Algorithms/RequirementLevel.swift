/// How strongly RFC 8221 wants implementations of ESP and AH to have an algorithm.
///
/// A plus says that the RFC's authors expect more of it in future, a minus that they expect less.
public enum RequirementLevel: String, Hashable, Sendable, CustomStringConvertible {
  /// An absolute requirement (RFC 2119).
  case must = "MUST"
  /// A requirement that is expected to go.
  case mustMinus = "MUST-"
  /// A recommendation that is expected to become a requirement.
  case shouldPlus = "SHOULD+"
  /// A recommendation: there may be reasons against it.
  case should = "SHOULD"
  /// A recommendation that is expected to go.
  case shouldMinus = "SHOULD-"
  /// Optional.
  case may = "MAY"
  /// A recommendation against it.
  case shouldNot = "SHOULD NOT"
  /// Forbidden.
  case mustNot = "MUST NOT"

  public var description: String { rawValue }
}

/// A line of RFC 8221's tables.
struct Requirement: Hashable, Sendable {
  var level: RequirementLevel
  /// The lengths of key that it is about; `nil` for all.
  var keyBits: [Int]?
  /// The length of check value that it is about; `nil` for all.
  var checkBits: UInt32?

  init(_ level: RequirementLevel, keyBits: [Int]? = nil, checkBits: UInt32? = nil) {
    self.level = level
    self.keyBits = keyBits
    self.checkBits = checkBits
  }
}

extension [Requirement] {
  func level(keyBits: Int, checkBits: UInt32 = 0) -> RequirementLevel? {
    first {
      $0.keyBits?.contains(keyBits) != false && ($0.checkBits ?? checkBits) == checkBits
    }?.level
  }
}
