internal import XFRMKit

extension ClosedRange<UInt16> {
  /// The range as blocks that a value and a mask say, lowest first: at most 30.
  var portBlocks: [Selector.Port] {
    var blocks: [Selector.Port] = []
    var next = UInt32(lowerBound)
    let end = UInt32(upperBound) + 1
    while next < end {
      // As large as its place allows, and as what is left does.
      let aligned = next == 0 ? 1 << 16 : next & (~next &+ 1)
      var size = aligned
      while size > end - next { size >>= 1 }
      blocks.append(Selector.Port(UInt16(next), mask: UInt16(truncatingIfNeeded: ~(size - 1))))
      next += size
    }
    return blocks
  }
}

extension [ClosedRange<UInt16>] {
  /// The ranges put together, as blocks that a value and a mask say, lowest first.
  var portBlocks: [Selector.Port] { merged.flatMap(\.portBlocks) }

  /// The same ports in as few ranges as possible, lowest first.
  var merged: [ClosedRange<UInt16>] {
    var merged: [ClosedRange<UInt16>] = []
    for range in sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, UInt32(range.lowerBound) <= UInt32(last.upperBound) + 1 {
        merged[merged.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
