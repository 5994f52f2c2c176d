/// What a host does in one go on the way from one generation of keys to the next.
public enum RotationPhase: String, CaseIterable, Hashable, Sendable {
  /// Take in what is sent with the new one.
  case inbound
  /// Send with the new one.
  case outbound
  /// Let go of the old one.
  case retire

  /// The one behind it; `nil` for the last.
  public var next: RotationPhase? {
    switch self {
    case .inbound: .outbound
    case .outbound: .retire
    case .retire: nil
    }
  }
}

/// A phase that comes too early.
public struct RotationProblem: Error, Hashable, Sendable {
  /// What has to be done before.
  public var first: RotationPhase
}

extension KeyGenerations {
  /// What a phase makes of it: the same if that was done before.
  ///
  /// - Parameters:
  ///   - phase: One phase; `nil` for all that are left.
  ///   - newest: The latest generation that there are keys of. A rotation under way is finished
  ///     first, unless all phases are done in one go.
  /// - Throws: If another phase has to be done before.
  public func after(
    _ phase: RotationPhase?, newest: UInt32
  ) throws(RotationProblem) -> KeyGenerations {
    switch (self, phase) {
    case (_, nil): .settled(max(newest, current, other ?? 0))
    case (.settled(let generation), _?) where newest <= generation: self
    case (.settled(let generation), .inbound?): .receiving(old: generation, new: newest)
    case (.settled, _?): throw RotationProblem(first: .inbound)
    case (.receiving, .inbound?), (.sending, .outbound?): self
    case (.receiving(let old, let new), .outbound?): .sending(old: old, new: new)
    case (.receiving, .retire?): throw RotationProblem(first: .outbound)
    case (.sending(_, let new), .inbound?) where newest > new:
      throw RotationProblem(first: .retire)
    case (.sending, .inbound?): self
    case (.sending(_, let new), .retire?): .settled(new)
    }
  }
}
