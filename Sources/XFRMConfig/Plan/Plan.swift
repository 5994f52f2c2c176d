/// The way from what the kernel has to what it is to have.
public struct Plan: Sendable {
  /// In the order in which they are to be done.
  public var steps: [PlanStep]
  /// What is in the kernel, is not ours and is left alone.
  public var foreign: [ForeignObjects]
  /// What somebody should know before it is carried out.
  public var warnings: [String]

  public init(
    steps: [PlanStep] = [], foreign: [ForeignObjects] = [], warnings: [String] = []
  ) {
    self.steps = steps
    self.foreign = foreign
    self.warnings = warnings
  }

  /// Whether the kernel is as it is to be.
  public var isEmpty: Bool { steps.isEmpty }
}

/// What one other program, as far as its numbers tell, has in the kernel.
public struct ForeignObjects: Hashable, Sendable {
  /// Who that probably is: `charon`, `docker`; `others` if it cannot be told.
  public var owner: String
  public var associations: Int
  public var policies: Int

  public init(_ owner: String, associations: Int, policies: Int) {
    self.owner = owner
    self.associations = associations
    self.policies = policies
  }
}
