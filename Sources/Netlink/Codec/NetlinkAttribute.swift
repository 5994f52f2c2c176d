/// An attribute's number within its family: `XFRMA_…`, `IFLA_…` and so on.
public struct AttributeType: OpenEnumeration {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// One type-length-value attribute, borrowed from the datagram it arrived in.
public struct NetlinkAttribute: ~Escapable {
  /// Its number, without the flags in the two highest bits.
  public let type: AttributeType
  /// Whether its sender says that the payload is attributes: `NLA_F_NESTED`. The kernel often does
  /// not, though it is so.
  public let isNested: Bool
  /// Where the payload begins in the datagram.
  public let position: Int
  /// What follows the header, without padding.
  public let payload: RawSpan

  @inlinable @_lifetime(copy payload)
  init(type: AttributeType, isNested: Bool, position: Int, payload: RawSpan) {
    self.type = type
    self.isNested = isNested
    self.position = position
    self.payload = payload
  }

  /// A reader positioned at the payload.
  public var reader: ByteReader {
    @inlinable @_lifetime(copy self) get { ByteReader(payload, at: position) }
  }

  /// The attributes nested in the payload.
  public var attributes: AttributeReader {
    @_lifetime(copy self) get { AttributeReader(reader) }
  }
}

/// Walks a run of attributes.
///
/// `~Escapable` types cannot conform to `Sequence`, so iterate with
/// `while let attribute = try attributes.next()`.
public struct AttributeReader: ~Escapable {
  @usableFromInline var reader: ByteReader

  /// Walks what `reader` has left.
  @inlinable @_lifetime(copy reader)
  public init(_ reader: consuming ByteReader) { self.reader = reader }

  /// The next attribute, or `nil` at the end of the run.
  @inlinable @_lifetime(copy self)
  public mutating func next() throws(MalformedMessage) -> NetlinkAttribute? {
    guard !reader.isAtEnd else { return nil }
    let start = reader.position
    let length: UInt16 = try reader.read()
    let type: UInt16 = try reader.read()
    guard length >= 4 else { throw .attributeTooShort(at: start, length: length) }
    let position = reader.position
    let payload = try reader.read(byteCount: Int(length) &- 4)
    reader.skipAlignment(after: Int(length))
    return NetlinkAttribute(
      type: AttributeType(rawValue: type & 0x3fff),
      isNested: type & 0x8000 != 0,
      position: position,
      payload: payload)
  }
}
