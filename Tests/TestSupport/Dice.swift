/// A seeded generator (SplitMix64), so that a failure can be repeated, and what is made with it.
public struct Dice: RandomNumberGenerator {
  private var state: UInt64
  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// A number; the smallest and the largest are more likely than others.
  public mutating func number<T: FixedWidthInteger & UnsignedInteger>(_: T.Type = T.self) -> T {
    switch next() % 4 {
    case 0: 0
    case 1: .max
    default: T(truncatingIfNeeded: next())
    }
  }

  public mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  public mutating func maybe<T>(_ value: (inout Dice) -> T) -> T? {
    chance(40) ? value(&self) : nil
  }

  public mutating func bytes(upTo most: Int) -> [UInt8] {
    let count = below(most + 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      // Sound: the buffer is used within the closure only.
      unsafe withUnsafeBytes(of: next()) { unsafe bytes.append(contentsOf: $0) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
