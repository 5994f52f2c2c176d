/// Which generations of a connection's keys a host has in the kernel, and what for.
///
/// A rotation leads from one generation to the next: both are taken in, then packets are sent with
/// the new one, then the old one goes. No packet is lost where each phase is done at both ends before
/// the next begins at either, as whatever one end sends the other can take.
public enum KeyGenerations: Hashable, Sendable {
  /// One generation for everything.
  case settled(UInt32)
  /// Packets are sent with the old one; those of the new one are taken as well.
  case receiving(old: UInt32, new: UInt32)
  /// Packets are sent with the new one; those of the old one are still taken.
  case sending(old: UInt32, new: UInt32)

  /// The generation that packets are sent with.
  public var current: UInt32 {
    switch self {
    case .settled(let generation), .receiving(let generation, _), .sending(_, let generation):
      generation
    }
  }

  /// The other generation of a rotation that is under way; `nil` if none is.
  public var other: UInt32? {
    switch self {
    case .settled: nil
    case .receiving(_, let new): new
    case .sending(let old, _): old
    }
  }

  /// The phase that was done last; `nil` if no rotation is under way.
  public var phase: RotationPhase? {
    switch self {
    case .settled: nil
    case .receiving: .inbound
    case .sending: .outbound
    }
  }
}

extension KeyGenerations: CustomStringConvertible {
  public var description: String {
    switch self {
    case .settled(let generation): "#\(generation)"
    case .receiving(let old, let new), .sending(let old, let new): "#\(old) -> #\(new)"
    }
  }
}

extension KeyGenerations {
  /// How it is kept: `4`, `4 5 inbound`, `4 5 outbound`.
  var words: String {
    switch self {
    case .settled(let generation): "\(generation)"
    case .receiving(let old, let new): "\(old) \(new) \(RotationPhase.inbound.rawValue)"
    case .sending(let old, let new): "\(old) \(new) \(RotationPhase.outbound.rawValue)"
    }
  }

  /// Reads what ``words`` has; `nil` for anything else.
  init?(words: String) {
    let parts = words.split(separator: " ", omittingEmptySubsequences: false)
    let numbers = parts.prefix(2).compactMap { UInt32($0) }
    switch (parts.count, parts.count == 3 ? RotationPhase(rawValue: String(parts[2])) : nil) {
    case (1, _) where numbers.count == 1: self = .settled(numbers[0])
    case (3, .inbound?) where numbers.count == 2 && numbers[0] < numbers[1]:
      self = .receiving(old: numbers[0], new: numbers[1])
    case (3, .outbound?) where numbers.count == 2 && numbers[0] < numbers[1]:
      self = .sending(old: numbers[0], new: numbers[1])
    default: return nil
    }
  }
}
