/// Which packet marks an SA or policy is for: `struct xfrm_mark`.
///
/// It matches a packet if the packet's mark, masked, equals the value.
public struct Mark: Hashable, Sendable {
  public var value: UInt32
  public var mask: UInt32

  public init(_ value: UInt32, mask: UInt32 = .max) {
    self.value = value
    self.mask = mask
  }
}

extension Mark: WireStruct {
  public static var size: Int { 8 }
  public init() { self.init(0, mask: 0) }

  @inline(__always) public mutating func fields<V: WireVisitor & ~Copyable & ~Escapable>(
    _ wire: inout V
  ) throws(V.Failure) {
    try wire.field("v", &value)
    try wire.field("m", &mask)
  }
}

extension Mark: CustomStringConvertible {
  public var description: String {
    "0x\(String(value, radix: 16))/0x\(String(mask, radix: 16))"
  }
}
