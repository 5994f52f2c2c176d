/// How strongly RFC 8221 wants implementations of ESP and AH to have an algorithm.
///
/// A plus says that the RFC's authors expect more of it in future, a minus that they expect less.
public enum RequirementLevel: String, Hashable, Sendable, CustomStringConvertible {
  case must = "MUST"
  case mustMinus = "MUST-"
  case shouldPlus = "SHOULD+"
  case should = "SHOULD"
  case shouldMinus = "SHOULD-"
  case may = "MAY"
  case shouldNot = "SHOULD NOT"
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
