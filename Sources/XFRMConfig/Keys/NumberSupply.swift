/// Draws numbers at random of which none was drawn before.
///
/// Two of some thousands of SPIs that are drawn without looking are the same: they differ in 24
/// bits. So none is drawn that a bundle, the configuration or the kernel has. Two hosts may draw the
/// same one, which does no harm: an SA is found by its destination, too.
struct NumberSupply: Sendable {
  private let range: ClosedRange<UInt32>
  private var used: Set<UInt32>
  private var generator = SystemRandomNumberGenerator()

  /// - Parameters:
  ///   - range: What to draw from.
  ///   - used: Those that are not to be drawn.
  init(_ range: ClosedRange<UInt32>, used: Set<UInt32> = []) {
    self.range = range
    self.used = used.filter(range.contains)
  }

  /// Does not draw a number.
  mutating func exclude(_ number: UInt32) {
    if range.contains(number) { used.insert(number) }
  }

  /// `nil` if there are so few left that drawing takes long.
  mutating func take() -> UInt32? {
    guard used.count < range.count / 2 else { return nil }
    while true {
      let number = UInt32.random(in: range, using: &generator)
      if used.insert(number).inserted { return number }
    }
  }
}
