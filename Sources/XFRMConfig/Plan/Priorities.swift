internal import XFRMKit

/// Gives policies of one direction priorities that put them into order, and leaves those in the
/// kernel the ones that they have, as far as that order allows.
///
/// Only policies that can be for the same packet need an order. To change a priority in the kernel
/// is to move a policy past others, which takes more care than anything else in a plan.
struct Priorities {
  /// One for each policy.
  private(set) var values: [UInt32]
  /// The places of those that had another before.
  private(set) var moved: Set<Int> = []

  /// - Parameters:
  ///   - policies: The strongest first.
  ///   - present: The priority that each has in the kernel; `nil` for those that are not there.
  ///   - range: What to choose from.
  /// - Returns: `nil` if the range has no room for them.
  init?(
    _ policies: [Policy], present: [UInt32?], index: OverlapIndex, in range: ClosedRange<UInt32>
  ) {
    var kept = [UInt32?](repeating: nil, count: policies.count)
    for place in policies.indices {
      guard let priority = present[place], range.contains(priority) else { continue }
      let isInOrder = index.neighbours[place].allSatisfy { other in
        other > place || kept[other].map { $0 < priority } ?? true
      }
      if isInOrder { kept[place] = priority }
    }
    guard
      let values = Self.fill(kept, index, range)
        ?? Self.fill(Array(repeating: nil, count: policies.count), index, range)
    else { return nil }
    self.values = values
    for place in policies.indices where present[place].map({ $0 != values[place] }) ?? false {
      moved.insert(place)
    }
  }

  private static func fill(
    _ kept: [UInt32?], _ index: OverlapIndex, _ range: ClosedRange<UInt32>
  ) -> [UInt32]? {
    var values = kept
    for place in values.indices where values[place] == nil {
      let neighbours = index.neighbours[place]
      let stronger = neighbours.lazy.filter { $0 < place }.compactMap { values[$0] }.max()
      let weaker = neighbours.lazy.filter { $0 > place }.compactMap { values[$0] }.min()
      guard let value = choose(after: stronger, before: weaker, in: range) else { return nil }
      values[place] = value
    }
    return values.compactMap { $0 }
  }

  /// Leaves room on both sides for those that come later.
  private static func choose(
    after stronger: UInt32?, before weaker: UInt32?, in range: ClosedRange<UInt32>
  ) -> UInt32? {
    let first = stronger.map { $0 + 1 } ?? range.lowerBound
    let last = weaker.map { $0 - 1 } ?? range.upperBound
    guard first <= last else { return nil }
    let middle = first + (last - first) / 2
    switch (stronger, weaker) {
    case (nil, nil), (.some, .some): return middle
    case (.some, nil): return min(middle, first + step)
    case (nil, .some): return max(middle, last > step ? last - step : 0)
    }
  }

  private static let step: UInt32 = 64
}
