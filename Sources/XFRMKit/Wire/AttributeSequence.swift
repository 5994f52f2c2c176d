/// The order in which an object's attributes arrived, so that it can be written back byte for byte.
///
/// It is no part of the object's value: two objects that differ in it only are equal. Attribute
/// numbers take six bits each, which leaves room for ten of them without an allocation.
struct AttributeSequence: Equatable, Sendable {
  /// The first in the lowest bits; no attribute has the number 0.
  private var packed: UInt64 = 0
  private var rest: [UInt16] = []

  /// Stands for the next attribute that this version has no name for.
  static let other: UInt16 = 63

  mutating func append(_ type: AttributeType, isKnown: Bool) {
    let code = isKnown && type.rawValue < Self.other ? type.rawValue : Self.other
    let used = (64 - packed.leadingZeroBitCount + 5) / 6 * 6
    if used < 60 {
      packed |= UInt64(code) << used
    } else {
      rest.append(code)
    }
  }

  func contains(_ type: AttributeType) -> Bool {
    var isThere = false
    forEach { isThere = isThere || $0 == type }
    return isThere
  }

  func forEach(_ body: (AttributeType) -> Void) {
    var codes = packed
    while codes != 0 {
      body(AttributeType(rawValue: UInt16(codes & 63)))
      codes >>= 6
    }
    for code in rest { body(AttributeType(rawValue: code)) }
  }

  static func == (_: Self, _: Self) -> Bool { true }
}

/// An attribute that this version has no name for, kept as it came.
///
/// Nobody knows what a future kernel puts into one, so the payload is treated as a secret.
public struct OtherAttribute: Equatable, Sendable {
  /// Its number, of which this version does not know the name.
  public var type: AttributeType
  /// Whether the kernel says that the payload is attributes.
  public var isNested: Bool
  /// What follows the header, without padding.
  public var payload: Secret

  /// An attribute to be sent as it is.
  public init(type: AttributeType, isNested: Bool = false, payload: Secret) {
    self.type = type
    self.isNested = isNested
    self.payload = payload
  }

  init(_ attribute: borrowing NetlinkAttribute) {
    self.init(
      type: attribute.type, isNested: attribute.isNested, payload: Secret(attribute.payload))
  }
}
