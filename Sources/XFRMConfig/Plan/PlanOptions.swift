/// How a plan is to be made.
public struct PlanOptions: Sendable {
  /// The entries that may let packets be seen in clear which were protected or dropped before.
  public var cleartextAllowed: Set<String> = []
  /// Whether all entries may: what passes in clear does so in one of two configurations that were
  /// both allowed to let it.
  public var allowsAllCleartext = false
  /// How long packets may be under way: old SAs stay for that long after the switch.
  public var drain: Duration = .seconds(2)
  /// Whether what was put there is read back.
  public var isVerified = true
  /// Whether it leads back to what was there: whatever else has come in its place since, or was never
  /// as it was asked for, is no reason to stay.
  var isWayBack = false
  /// Whether packets were switched to other SAs a moment ago, so that some may be under way.
  var hasSwitched = false

  public init() {}

  func allowsCleartext(_ entry: String) -> Bool {
    allowsAllCleartext || cleartextAllowed.contains(entry)
  }
}

/// Why there is no plan.
public struct PlanProblem: Error, Hashable, Sendable, CustomStringConvertible {
  @nonexhaustive
  public enum Kind: String, Hashable, Sendable {
    /// Somebody else's policy takes packets of ours.
    case shadowed
    /// Somebody else has a policy or an SA that ours would replace.
    case taken
    /// Packets might be seen in clear, and nobody has allowed that.
    case cleartext
    /// An SA is to change in what only a new one can have.
    case unchangeable
    /// More than there are tags or priorities for.
    case noRoom = "no-room"
  }

  public var kind: Kind
  /// What it is about.
  public var object: ObjectName
  public var explanation: String
  public var remedy: String

  init(_ kind: Kind, _ object: ObjectName, _ explanation: String, do remedy: String) {
    self.kind = kind
    self.object = object
    self.explanation = explanation
    self.remedy = remedy
  }

  public var description: String { "\(object): \(explanation); \(remedy)" }
}

/// Everything that is in the way of a plan.
public struct PlanProblems: Error, Sendable {
  public var problems: [PlanProblem]
}
