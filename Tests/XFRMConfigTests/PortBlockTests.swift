import TestSupport
import Testing
import XFRMKit

@testable import XFRMConfig

@Suite("Ranges of ports as values and masks")
struct PortBlockTests {
  /// How many blocks each port is in.
  private func counts(_ blocks: [Selector.Port]) -> [UInt8] {
    var counts = [UInt8](repeating: 0, count: 1 << 16)
    for block in blocks {
      let size = Int(~block.mask) + 1
      // A mask of leading ones, and no bits of the value behind it.
      #expect(size & (size - 1) == 0 && block.value & ~block.mask == 0, "\(block)")
      for port in Int(block.value)..<Int(block.value) + size { counts[port] += 1 }
    }
    return counts
  }

  @Test("are the range and nothing else, in at most 30 blocks", arguments: 0..<4 as Range<UInt64>)
  func exact(_ seed: UInt64) {
    var dice = Dice(seed: seed)
    for _ in 0..<15 {
      let ends: [UInt16] = [dice.number(), dice.number()].sorted()
      let range = ends[0]...ends[1]
      #expect(range.portBlocks.count <= 30)
      let counts = counts(range.portBlocks)
      #expect(counts.indices.allSatisfy { counts[$0] == (range.contains(UInt16($0)) ? 1 : 0) })
    }
  }

  @Test("of several ranges hold each port once", arguments: 0..<4 as Range<UInt64>)
  func several(_ seed: UInt64) {
    var dice = Dice(seed: 100 + seed)
    for _ in 0..<5 {
      let ranges = (0..<dice.below(6) + 1).map { _ in
        let ends: [UInt16] = [dice.number(), dice.number()].sorted()
        return ends[0]...ends[1]
      }
      let counts = counts(ranges.portBlocks)
      #expect(
        counts.indices.allSatisfy { port in
          counts[port] == (ranges.contains { $0.contains(UInt16(port)) } ? 1 : 0)
        })
    }
  }

  @Test("the worst range takes 30, all ports one that says nothing")
  func extremes() {
    #expect((1...65_534 as ClosedRange<UInt16>).portBlocks.count == 30)
    #expect((0...65_535 as ClosedRange<UInt16>).portBlocks == [.any])
    #expect((443...443 as ClosedRange<UInt16>).portBlocks == [Selector.Port(443)])
  }
}
