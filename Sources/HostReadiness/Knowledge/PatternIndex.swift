/// Patterns by the four bytes that they begin with. A log has many lines, and next to none of them
/// is of concern: a line is only compared with patterns whose beginning occurs in it.
struct PatternIndex: Sendable {
  private var candidates: [UInt32: [(owner: Int, pattern: LinePattern)]] = [:]

  /// - Parameter patterns: Those of each owner.
  init(_ patterns: [[LinePattern]]) {
    for (owner, patterns) in patterns.enumerated() {
      for pattern in patterns {
        candidates[pattern.beginning, default: []].append((owner, pattern))
      }
    }
  }

  /// Whose patterns a line matches, in order, with the weight of the heaviest.
  func matches(_ line: LineText) -> [(owner: Int, weight: Int)] {
    var weights: [Int: Int] = [:]
    var window: UInt32 = 0
    for byte in line.bytes {
      window = window << 8 | UInt32(byte)
      for (owner, pattern) in candidates[window] ?? [] where pattern.matches(line) {
        weights[owner] = max(weights[owner] ?? 0, pattern.weight)
      }
    }
    return weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
