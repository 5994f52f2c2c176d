/// Which packet marks an SA or policy is for: `struct xfrm_mark`.
///
/// It matches a packet if the packet's mark, masked, equals the value.
public struct Mark: Hashable, Sendable {
  /// What the masked mark must equal: `v`.
  public var value: UInt32
  /// Bits that count: `m`.
  public var mask: UInt32

  /// Matches a mark whose masked bits are those of `value`; without a mask, the one mark.
  public init(_ value: UInt32, mask: UInt32 = .max) {
    self.value = value
    self.mask = mask
  }
}

extension Mark: WireStruct {
  public static var size: Int { 8 }
  /// Matches every packet.
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
