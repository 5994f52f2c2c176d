import Testing

@testable import Netlink

@Suite("An array with room in large pages")
struct LargePagesTests {
  @Test("holds what it is given, be it less or more", arguments: [0, 1, 999, 1_000_000, 1_000_001])
  func contents(count: Int) {
    var numbers: [Int] = [-1]
    numbers.makeRoom(for: 1_000_000)
    #expect(numbers.capacity >= 1_000_000)
    numbers.append(contentsOf: 0..<count)
    #expect(numbers.elementsEqual(-1..<count))
  }
}
